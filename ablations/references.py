"""Do our networks reach the scores that were published for their like?"""

from suite.study import Study

MNIST1D = {"steps": 6000, "batch": 100, "rate": 3e-3}  # as many steps and examples as published
UCR = {"width": 64, "steps": 1500, "batch": 16}
TABLE = {"width": 256, "depth": 3, "steps": 3000, "batch": 256, "dropout": 0.1}
CORA = {
    "depth": 2,
    "width": 64,
    "residual": "none",
    "activation": "relu",
    "dropout": 0.5,
    "steps": 200,
    "rate": 1e-2,
    "optimizer": "adam",
    "schedule": "constant",
    "weight_decay": 5e-3,
}

STUDY = Study(
    question=__doc__,
    rows={
        "series/mnist1d linear": MNIST1D,
        "series/mnist1d mlp": {**MNIST1D, "width": 256, "depth": 2, "activation": "relu"},
        "series/mnist1d cnn": {**MNIST1D, "width": 48, "depth": 3, "kernel": 5, "norm": "batch"},
        "series/mnist1d gru": {**MNIST1D, "width": 48, "depth": 2},
        "series/gun_point mlp": UCR,
        "series/gun_point cnn": {**UCR, "depth": 3, "kernel": 7, "norm": "batch"},
        "series/gun_point resnet": {**UCR, "depth": 3, "kernel": 7, "norm": "batch"},
        "series/italy_power_demand mlp": UCR,
        "series/italy_power_demand cnn": {**UCR, "depth": 3, "kernel": 7, "norm": "batch"},
        "series/italy_power_demand resnet": {**UCR, "depth": 3, "kernel": 7, "norm": "batch"},
        "series/arrow_head mlp": UCR,
        "series/arrow_head cnn": {**UCR, "depth": 3, "kernel": 7, "norm": "batch"},
        "series/arrow_head resnet": {**UCR, "depth": 3, "kernel": 7, "norm": "batch"},
        "tabular/adult mlp": TABLE,
        "tabular/california_housing mlp": TABLE,
        "graph/cora mlp": CORA,
        "graph/cora gcn": CORA,
        "graph/cora gat": CORA,
        "graph/mutag gin": {"width": 32, "depth": 4, "norm": "batch", "readout": "sum", "steps": 300, "batch": 32},
        "text/r8 text_cnn": {"width": 64, "steps": 800, "batch": 64, "dropout": 0.5},
        "text/shakespeare transformer": {"width": 128, "depth": 4, "steps": 2000, "batch": 12},  # nanoGPT on a CPU
        "sequence/multi_query_recall transformer": {"width": 64, "depth": 2, "steps": 1500, "rate": 3e-3},
        "sequence/multi_query_recall s4d": {"width": 64, "depth": 2, "steps": 1500, "rate": 3e-3},
    },
    seeds=3,
)
