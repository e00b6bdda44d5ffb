"""Census income: the 32,561 people of Adult's official training part, as the hub has them.

The question is that of tabular/adult, which needs no hub; so are the published scores, on the official test set. Two
dozen people whose fourteen facts are those of another are left out, so that nobody is in two parts. The parts are
random: the hub's copy has no test part. The content hash was made from the file of UCI, without the spaces before its
words; the hub's copy was never seen here.
"""

import numpy as np

from tasks.hub import Part, table
from tasks.split import standardize, stratified_split
from tasks.tabular.adult import CATEGORIES, RICH, coded
from tasks.tabular.adult import TASK as ADULT
from tasks.task import Splits, Task

FACTS = (
    "age",
    "workclass",
    "fnlwgt",
    "education",
    "education.num",
    "marital.status",
    "occupation",
    "relationship",
    "race",
    "sex",
    "capital.gain",
    "capital.loss",
    "hours.per.week",
    "native.country",
)
TABLE = Part(
    "scikit-learn/adult-census-income",
    "train",
    (*FACTS, "income"),
    32561,
    content="5953c244d1a0ffcb80cd8ed8f7f98e994d0afbeffe91c01926d7beb484526b7c",
)


def load(rng: np.random.Generator) -> Splits:
    people = table(TABLE).to_pandas()
    labels = (people.pop("income") == RICH).to_numpy(np.int64)
    first = ~people.duplicated().to_numpy()
    return standardize(stratified_split(coded(people)[first], labels[first], rng, valid=0.16), categories=CATEGORIES)


TASK = Task(
    data="tabular",
    shape=(len(CATEGORIES),),
    categories=CATEGORIES,
    target="class",
    outputs=2,
    metric="accuracy",
    chance=0.759,
    source="UCI Adult, official training part, from the hub; random 64/16/20 split, same classes in each",
    licence="CC BY 4.0",
    load=load,
    references=ADULT.references,
    hub=TABLE.name,
)
