    def _get_module_short_name(self, module_num: int) -> str:
        """Get short name for module number."""
        return short_name(numbered_modules().get(f"{module_num:02d}", "unknown"))
