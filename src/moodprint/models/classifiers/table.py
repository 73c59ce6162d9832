"""The families of models by name."""

from __future__ import annotations

from moodprint.errors import unknown_name
from moodprint.models.classifiers.family import Family

_BALANCED = {"class_weight": "balanced"}
_FOREST = {"n_estimators": 300, **_BALANCED}
_BOOSTED = {"n_estimators": 200, "learning_rate": 0.05, "subsample": 0.8, "colsample_bytree": 0.3}

_ALL = (
    Family(
        *("logistic", "linear", "sklearn.linear_model:LogisticRegression"),
        {"max_iter": 2000, **_BALANCED},
        {"C": (0.01, 0.001, 0.1)},
    ),
    Family(
        *("ridge", "linear", "sklearn.linear_model:RidgeClassifier"),
        _BALANCED,
        {"alpha": (1000.0, 100.0, 10_000.0)},
    ),
    Family(
        *("sgd", "linear", "sklearn.linear_model:SGDClassifier"),
        {"loss": "log_loss", **_BALANCED},
        {"alpha": (0.1, 0.01, 1.0)},
    ),
    Family(
        *("decision_tree", "trees", "sklearn.tree:DecisionTreeClassifier"),
        _BALANCED,
        {"max_depth": (5, 3, 10)},
        scaled=False,
    ),
    Family(
        *("random_forest", "trees", "sklearn.ensemble:RandomForestClassifier"),
        _FOREST,
        {"min_samples_leaf": (3, 1, 10)},
        scaled=False,
    ),
    Family(
        *("extra_trees", "trees", "sklearn.ensemble:ExtraTreesClassifier"),
        _FOREST,
        {"min_samples_leaf": (3, 1, 10)},
        scaled=False,
    ),
    Family(
        *("gradient_boosting", "trees", "sklearn.ensemble:HistGradientBoostingClassifier"),
        _BALANCED,
        {"learning_rate": (0.05, 0.1)},
        scaled=False,
    ),
    Family(
        *("xgboost", "trees", "xgboost:XGBClassifier"),
        {"tree_method": "hist", "n_jobs": 1, **_BOOSTED},
        {"max_depth": (4, 2)},
        scaled=False,
        weighs_rows=True,
    ),
    Family(
        *("linear_svc", "support vectors", "sklearn.svm:SVC"),
        {"kernel": "linear", **_BALANCED},
        {"C": (0.01, 0.001, 0.0001)},
    ),
    Family(
        *("rbf_svc", "support vectors", "sklearn.svm:SVC"),
        {"kernel": "rbf", **_BALANCED},
        {"C": (2.0, 0.5, 8.0)},
    ),
    Family(
        *("naive_bayes", "naive Bayes", "sklearn.naive_bayes:GaussianNB"),
        space={"var_smoothing": (0.1, 0.001)},
        even_priors=True,
    ),
    Family(
        *("lda", "discriminant", "sklearn.discriminant_analysis:LinearDiscriminantAnalysis"),
        {"solver": "lsqr"},
        {"shrinkage": (0.5, 0.9, 0.2)},
        even_priors=True,
    ),
    Family(
        *("qda", "discriminant", "sklearn.discriminant_analysis:QuadraticDiscriminantAnalysis"),
        space={"reg_param": (0.7, 0.95)},
        even_priors=True,
    ),
    Family(
        *("nearest", "neighbours", "sklearn.neighbors:KNeighborsClassifier"),
        {"weights": "distance"},
        {"n_neighbors": (15, 5, 40)},
    ),
    Family(*("dummy", "dummy", "sklearn.dummy:DummyClassifier"), {"strategy": "uniform"}),
)

FAMILIES: dict[str, Family] = {family.name: family for family in _ALL}


def family(name: str) -> Family:
    """The family of that name. Raises OptionError for an unknown one."""
    if name not in FAMILIES:
        raise unknown_name("model", name, FAMILIES)
    return FAMILIES[name]
