    def _show_next_steps(self, completed_module: str) -> None:
        """Name the module that follows, and the commands that show the progress so far."""
        console = self.console
        following = next_module(completed_module)
        if following:
            console.print(f"\n[bold cyan]🎯 Continue Your Journey[/bold cyan]")
            console.print(f"[bold]Next Module:[/bold] {following}")
            console.print(f"[dim]  tito module start {following[:2]}[/dim]")
        else:
            console.print(f"\n[bold green]🏆 Congratulations![/bold green]")
            console.print(f"[green]You've completed all TinyTorch modules![/green]")
        console.print(f"[dim]  tito checkpoint status    - View overall progress[/dim]")
        console.print(f"[dim]  tito checkpoint timeline  - Visual progress timeline[/dim]")
