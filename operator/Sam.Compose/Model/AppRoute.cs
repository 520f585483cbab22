using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace Sam.Compose.Model;

/// <summary>One way in: host and path lead to a port of a service, or away to another address.</summary>
public sealed record AppRoute
{
    public required string Name { get; init; }

    /// <summary>Empty for a redirect.</summary>
    public required string Service { get; init; }

    /// <summary>Null: the only port the service names under ports or expose.</summary>
    public int? Port { get; init; }

    public required string Host { get; init; }

    public string Path { get; init; } = "/";

    // What came later is left out where it is not set: the identity of a release that was made before stays what it was.

    /// <summary>Takes the path off before the service sees the request.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public bool? StripPrefix { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public RouteRedirect? Redirect { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public HeaderChanges? RequestHeaders { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public HeaderChanges? ResponseHeaders { get; init; }

    /// <summary>Name of the Secret whose logins open the route; null: open to all.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? BasicAuthSecret { get; init; }
}

/// <summary>Where a redirect leads.</summary>
/// <param name="Host">Null: the host that was asked for.</param>
/// <param name="Path">Null: path and query as asked for.</param>
/// <param name="StatusCode">301, 302, 303, 307 or 308.</param>
public sealed record RouteRedirect(string? Host, string? Path, int StatusCode);

/// <summary>What is changed in the headers of a request or a response: first added, then set, then removed.</summary>
public sealed record HeaderChanges
{
    /// <summary>Replaces all values of a header.</summary>
    public ImmutableArray<HeaderValue> Set { get; init; } = [];

    /// <summary>Adds a value to those that a header has.</summary>
    public ImmutableArray<HeaderValue> Add { get; init; } = [];

    /// <summary>Names of headers that go.</summary>
    public ImmutableArray<string> Remove { get; init; } = [];
}

/// <summary>A header.</summary>
public sealed record HeaderValue(string Name, string Value);
