using System.Collections.Immutable;
using Sam.Compose.Model;

namespace Sam.Compose.Parsing;

/// <summary>Collects problems while reading and tells them in document order.</summary>
internal sealed class Problems
{
    // A file of garbage would otherwise fill a status; nobody mends two hundred errors at once.
    private const int Most = 200;

    private readonly List<(Place Place, ComposeProblem Problem)> _errors = [];
    private readonly List<(Place Place, ComposeProblem Problem)> _warnings = [];

    public bool HasErrors => _errors.Count > 0;

    public void Error(Place place, string path, ProblemCode code, string message) => Add(_errors, place, path, code, message);

    public void Warn(Place place, string path, ProblemCode code, string message) => Add(_warnings, place, path, code, message);

    public ComposeResult Result(ComposeModel? model) => new(HasErrors ? null : model, Sorted(_errors), Sorted(_warnings));

    private static void Add(List<(Place, ComposeProblem)> list, Place place, string path, ProblemCode code, string message) =>
        list.Add((place, new ComposeProblem(path.Length == 0 ? "." : path, code, message)));

    private static ImmutableArray<ComposeProblem> Sorted(List<(Place Place, ComposeProblem Problem)> list) =>
        [
            .. list.OrderBy(entry => entry.Place.Line)
                .ThenBy(entry => entry.Place.Column)
                .Select(entry => entry.Problem)
                .Distinct()
                .Take(Most),
        ];
}
