using System.Security.Cryptography;
using System.Text;
using Sam.Crds.V1Alpha1;

namespace Sam.Operator.Controllers.ComposeApps.Dns;

/// <summary>How a foreign host is proven to be its user's. Pure.</summary>
internal static class HostProof
{
    private const string Label = "_sam-verification.";
    private static readonly TimeSpan s_soon = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan s_soonLasts = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan s_later = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan s_proven = TimeSpan.FromDays(1);

    /// <summary>Whether a host has to be proven: all but the node's domain and what is below it.</summary>
    public static bool IsForeign(string host, string? domain) =>
        domain is null || (host != domain && !host.EndsWith("." + domain, StringComparison.Ordinal));

    /// <summary>Names whose TXT record proves a host: its own, and those of its parents of two labels or more.</summary>
    public static IReadOnlyList<string> RecordsOf(string host)
    {
        var labels = host.Split('.');
        return [.. Enumerable.Range(0, Math.Max(1, labels.Length - 1)).Select(from => Label + string.Join('.', labels[from..]))];
    }

    /// <summary>What the record must hold. One value for all that is below the same two labels, so that the user may prove a parent instead.</summary>
    public static string ValueOf(string installation, string home, string host)
    {
        var domain = string.Join('.', host.Split('.').TakeLast(2));
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes($"{installation}\n{home}\n{domain}"));
        return $"sam-verification={Convert.ToHexStringLower(hash)[..32]}";
    }

    /// <summary>When to ask next.</summary>
    public static DateTimeOffset NextAt(HostStatus host, DateTimeOffset now)
    {
        if (host.LastAskedAt is not { } last)
            return now;
        if (host.VerifiedAt is not null)
            return last + s_proven;
        return last + (last - host.FirstAskedAt < s_soonLasts ? s_soon : s_later);
    }
}
