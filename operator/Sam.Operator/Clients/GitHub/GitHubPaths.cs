using System.Globalization;
using System.Net;

namespace Sam.Operator.Clients.GitHub;

/// <summary>Parts of GitHub's addresses.</summary>
internal static class GitHubPaths
{
    /// <summary>What an old name answers with; it is not followed: who asks must know.</summary>
    public static readonly IReadOnlyList<HttpStatusCode> Redirects =
    [
        HttpStatusCode.MovedPermanently,
        HttpStatusCode.Found,
        HttpStatusCode.TemporaryRedirect,
        HttpStatusCode.PermanentRedirect,
    ];

    /// <summary>One segment of a path; a name cannot become two, or another folder.</summary>
    public static string Escape(string segment) =>
        segment is "." or ".."
            ? throw new ArgumentException("A name is no path.", nameof(segment))
            : Uri.EscapeDataString(segment);

    /// <summary>The id in <c>.../repositories/ID</c>; null if the address is another.</summary>
    public static long? RepositoryIdOf(Uri? location)
    {
        var segments = location?.OriginalString.Split('?')[0].Split('/') ?? [];
        var at = Array.IndexOf(segments, "repositories");
        return
            at >= 0
            && at + 1 < segments.Length
            && long.TryParse(segments[at + 1], NumberStyles.None, CultureInfo.InvariantCulture, out var id)
            ? id
            : null;
    }
}
