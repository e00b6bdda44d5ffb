"""A Ray cluster that is there already: the way in, a look at every node, and a watch over it.

connection  finds the cluster and joins it without a core of its own; never starts or stops it
node        what runs on a node: what it is made of, its folder for shared data, and its share of the trials
preflight   refuses a cluster whose nodes differ, or on which no trial has room
watch       what of the cluster is alive
jobs        detached sweeps, through Ray's Jobs API
"""
