    def _show_progress_and_next_steps(self, completed_module: str) -> None:
        """Show how many checkpoints are reached, and name the module that follows."""
        progress = CheckpointSystem(self.config).get_overall_progress()
        self.console.print(f"\n[bold cyan]📊 Progress Update[/bold cyan]")
        self.console.print(
            f"[bold]Overall Progress:[/bold] {progress['overall_progress']:.0f}% "
            f"({progress['total_complete']}/{progress['total_checkpoints']} checkpoints)"
        )
        self._suggest_next_module(completed_module)
        self.console.print(f"[dim]  tito checkpoint status    - View overall progress[/dim]")
