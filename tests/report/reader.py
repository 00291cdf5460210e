"""A reader who knows some sums of counts that are not shown, and works out what each can be."""

from collections.abc import Mapping, Sequence

import highspy

Known = tuple[Mapping[object, float], float]  # how often each count stands in a sum, and the sum


def sums_of(unknown: Mapping[object, float], groups: Sequence[Sequence[object]]) -> list[Known]:
    """The sums of groups of counts, as they are."""
    return [(dict.fromkeys(keys, 1.0), sum(unknown[key] for key in keys)) for keys in groups if keys]


def extents(unknown: Mapping[object, float], known: Sequence[Known], wanted: Sequence[object]) -> dict[object, tuple[float, float]]:
    """Between what each of the wanted counts can lie, none being below 0."""
    places = {key: place for place, key in enumerate(unknown)}
    highspy.Highs.resetGlobalScheduler(True)  # it keeps the threads of whoever solved before
    reader = highspy.Highs()
    reader.setOptionValue("output_flag", False)
    reader.setOptionValue("threads", 1)
    reader.setOptionValue("presolve", "off")
    for _ in places:
        reader.addVar(0.0, highspy.kHighsInf)
    for times, total in known:
        reader.addRow(total, total, len(times), [places[key] for key in times], list(times.values()))
    found = {}
    for key in wanted:
        reader.changeColCost(places[key], 1.0)
        found[key] = (_end(reader, highspy.ObjSense.kMinimize), _end(reader, highspy.ObjSense.kMaximize))
        reader.changeColCost(places[key], 0.0)
    return found


def _end(reader: highspy.Highs, sense: highspy.ObjSense) -> float:
    reader.changeObjectiveSense(sense)
    reader.run()
    status = reader.getModelStatus()
    if status in (highspy.HighsModelStatus.kUnbounded, highspy.HighsModelStatus.kUnboundedOrInfeasible):
        return float("inf")
    assert status == highspy.HighsModelStatus.kOptimal, status
    return float(reader.getObjectiveValue())


def following(unknown: Mapping[object, float], known: Sequence[Known], wanted: Sequence[object]) -> list[object]:
    """The wanted counts of people that can be no other than they are."""
    return [key for key, (low, high) in extents(unknown, known, wanted).items() if high <= low + 0.5]
