    def get_module_mapping(self) -> Dict[str, str]:
        """Get mapping from numbers to module names."""
        return numbered_modules()
