"""The pure rules of telephony: values in, values out; no clock, no ids, no chance, no I/O."""
