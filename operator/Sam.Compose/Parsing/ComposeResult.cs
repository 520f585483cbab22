using System.Collections.Immutable;
using Sam.Compose.Model;

namespace Sam.Compose.Parsing;

/// <summary>A model, or every error at once; warnings come with both. Problems stand in document order.</summary>
public sealed record ComposeResult(
    ComposeModel? Model,
    ImmutableArray<ComposeProblem> Errors,
    ImmutableArray<ComposeProblem> Warnings
);
