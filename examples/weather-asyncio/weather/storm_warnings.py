"""WarningsSDK: the API for storm warnings. The service answers without it, too."""

import waterspout


class WarningsSDK(waterspout.BaseSDK):
    """Warnings by the name of a city."""

    async def current(self, city):
        """Return the texts of the warnings."""
        found = await self.fetch_async("GET", "/warnings", params={"city": city})
        return [each["text"] for each in found]
