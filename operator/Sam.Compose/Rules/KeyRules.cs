using System.Collections.Frozen;
using System.Collections.Immutable;

namespace Sam.Compose.Rules;

/// <summary>What SAM does with a key.</summary>
public enum Support
{
    Supported,

    /// <summary>Accepted with a warning, no effect.</summary>
    Ignored,

    Refused,
}

/// <summary>Where a key stands in a Compose file.</summary>
public enum KeyScope
{
    File,
    Service,
    Healthcheck,
    Dependency,
    Deploy,
    Resources,
    Limits,
    Reservations,
    Mount,
    MountOptions,
    TmpfsOptions,
    Port,
    Logging,
    Ulimit,
    ServiceNetwork,
    Grant,
    EnvFile,
    Extends,
    UpdateConfig,
    RestartPolicy,
    Volume,
    Network,
    Ipam,
    Config,
    Secret,
    External,
}

/// <summary>One row of the support table: the note says what it does, or the way out.</summary>
public sealed record KeyRule(KeyScope Scope, string Key, Support Support, string Note)
{
    /// <summary>The key with its place, as docs/compose.md shows it.</summary>
    public string Path => KeyRules.Prefixes[Scope] + Key;
}

/// <summary>The allow-list. A key that is in no row is refused as unknown; `x-*` is dropped everywhere.</summary>
public static class KeyRules
{
    private const int Shown = 12;
    private const int Longest = 40;

    /// <summary>The path before a key, by scope.</summary>
    public static ImmutableSortedDictionary<KeyScope, string> Prefixes { get; } =
        new Dictionary<KeyScope, string>
        {
            [KeyScope.File] = "",
            [KeyScope.Service] = "services.*.",
            [KeyScope.Healthcheck] = "services.*.healthcheck.",
            [KeyScope.Dependency] = "services.*.depends_on.*.",
            [KeyScope.Deploy] = "services.*.deploy.",
            [KeyScope.Resources] = "services.*.deploy.resources.",
            [KeyScope.Limits] = "services.*.deploy.resources.limits.",
            [KeyScope.Reservations] = "services.*.deploy.resources.reservations.",
            [KeyScope.Mount] = "services.*.volumes[].",
            [KeyScope.MountOptions] = "services.*.volumes[].volume.",
            [KeyScope.TmpfsOptions] = "services.*.volumes[].tmpfs.",
            [KeyScope.Port] = "services.*.ports[].",
            [KeyScope.Logging] = "services.*.logging.",
            [KeyScope.Ulimit] = "services.*.ulimits.*.",
            [KeyScope.ServiceNetwork] = "services.*.networks.*.",
            [KeyScope.Grant] = "services.*.secrets[].",
            [KeyScope.EnvFile] = "services.*.env_file[].",
            [KeyScope.Extends] = "services.*.extends.",
            [KeyScope.UpdateConfig] = "services.*.deploy.update_config.",
            [KeyScope.RestartPolicy] = "services.*.deploy.restart_policy.",
            [KeyScope.Volume] = "volumes.*.",
            [KeyScope.Network] = "networks.*.",
            [KeyScope.Ipam] = "networks.*.ipam.",
            [KeyScope.Config] = "configs.*.",
            [KeyScope.Secret] = "secrets.*.",
            [KeyScope.External] = "secrets.*.external.",
        }.ToImmutableSortedDictionary();

    /// <summary>Every row, in the order of the documentation.</summary>
    public static ImmutableArray<KeyRule> All { get; } =
    [.. FileKeys.All, .. ServiceKeys.Supported, .. ServiceKeys.Ignored, .. ServiceKeys.Refused, .. NestedKeys.All];

    private static readonly FrozenDictionary<(KeyScope, string), KeyRule> Index = All.ToFrozenDictionary(rule =>
        (rule.Scope, rule.Key)
    );

    /// <summary>Null: the key is unknown.</summary>
    public static KeyRule? Find(KeyScope scope, string key) => Index.GetValueOrDefault((scope, key));

    /// <summary>The keys one may write there, as half a sentence; of many only those most like the one that was written.</summary>
    public static string Near(KeyScope scope, string key)
    {
        var known = All.Where(rule => rule.Scope == scope && rule.Support == Support.Supported).Select(rule => rule.Key).ToList();
        return known.Count <= Shown
            ? $"known are {string.Join(", ", known)}"
            : $"like it are {string.Join(", ", known.OrderBy(other => Distance(key, other)).Take(3))}";
    }

    /// <summary>How many letters have to be changed (Levenshtein), of keys of usual length.</summary>
    private static int Distance(string one, string other)
    {
        one = one.Length > Longest ? one[..Longest] : one;
        var row = Enumerable.Range(0, other.Length + 1).ToArray();
        for (var i = 1; i <= one.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= other.Length; j++)
            {
                var changed = diagonal + (one[i - 1] == other[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(changed, Math.Min(row[j], row[j - 1]) + 1);
            }
        }

        return row[^1];
    }
}
