using System.Collections.Immutable;

namespace Sam.Compose.Model;

/// <summary>The engine's log driver (json-file or local) and its limits.</summary>
public sealed record Logging(string? Driver, ImmutableSortedDictionary<string, string> Options);
