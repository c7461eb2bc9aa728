    def _suggest_next_module(self, completed_module: str) -> None:
        """Name the module that follows, and the command that opens it."""
        following = next_module(completed_module)
        if following:
            self.console.print(f"[bold yellow]Up Next:[/bold yellow] {following}")
            self.console.print(f"[dim]  tito module start {following[:2]}[/dim]")
        else:
            self.console.print(f"[bold green]🏆 You have completed all modules![/bold green]")
