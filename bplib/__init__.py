"""Backpropagation is the chain rule, applied once to each edge of a graph, from the loss back to the weights.

Import the modules by name (`from bplib.activations import sigmoid`): this package loads nothing by itself, so that
looking at one idea never costs the import of all the others.
"""
