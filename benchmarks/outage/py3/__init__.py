"""The peers, which need ``async def``."""
