"""What the records say. Tables in, tables and sentences out; pure functions, no I/O. The map:

table         records as one tidy frame, and the checks that it can be analysed
cube          the same scores as an array: task x architecture x seed x arm
interval      means with t-intervals, pooled over tasks; Holm's correction
contrast      differences between arms inside a block, as rows of numbers with intervals
heterogeneity whether an effect is another one on other tasks; sign_flip is the exact test of a mean
effects       what each level of each factor is worth, on average
interactions  how the worth of one factor depends on another
aliases       what a fraction of a design cannot tell apart
claims        hypotheses stated before, and the verdict on each
needed        how many seeds would be enough to tell
sequential    looking more than once, with controlled error
ranking       the leaderboard, where ties are ties
ties          who cannot be told apart, as letters
references    our scores beside the published ones
comparison    who is better, in every way there is to say it; its parts:
field           who competes, architectures or levels, and their scores
aggregate       interquartile means, profiles, improvement, with bootstraps; summary has them as tables
ranks           average ranks, Friedman's test, Wilcoxon with Holm, cliques, rank intervals
duels           every two against each other; bayes and bradley_terry say what follows
curves        learning curves: means over seeds, step by step
pareto        score against cost: who cannot be had better without paying more
foreign       anybody's table of results, as one of ours
failures      what did not finish
price         what the highest score costs beside cheaper ones
finding       the study's answer in one sentence, with scene, interplay and wording as its parts
text          numbers and intervals as people read them
"""
