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

    /// <summary>The keys one may write there.</summary>
    public static IEnumerable<string> Known(KeyScope scope) =>
        All.Where(rule => rule.Scope == scope && rule.Support == Support.Supported).Select(rule => rule.Key);
}
