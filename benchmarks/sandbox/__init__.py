"""How fast the sandbox CMDB answers with 100,000 and with 1,000,000 instances of one model."""
