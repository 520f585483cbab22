using System.Collections.Immutable;

namespace Sam.Compose.Rules;

/// <summary>Settings whose values reach nothing but the container itself.</summary>
internal static class SafeSettings
{
    /// <summary>Capabilities of Docker's own default set (so that `cap_drop: [ALL]` with a few back works), and SYS_NICE.</summary>
    public static ImmutableArray<string> Capabilities { get; } =
    [
        "CHOWN",
        "DAC_OVERRIDE",
        "FOWNER",
        "FSETID",
        "KILL",
        "NET_BIND_SERVICE",
        "SETFCAP",
        "SETGID",
        "SETPCAP",
        "SETUID",
        "SYS_CHROOT",
        "SYS_NICE",
    ];

    /// <summary>Names, or prefixes that end with a star; the kernel keeps all of them per network or IPC namespace.</summary>
    public static ImmutableArray<string> Sysctls { get; } =
    [
        "net.core.somaxconn",
        "net.ipv4.ip_local_port_range",
        "net.ipv4.ip_unprivileged_port_start",
        "net.ipv4.ping_group_range",
        "net.ipv4.tcp_*",
        "net.ipv6.conf.all.disable_ipv6",
        "net.ipv6.conf.default.disable_ipv6",
        "fs.mqueue.*",
        "kernel.msg*",
        "kernel.sem",
        "kernel.shm*",
    ];

    public static ImmutableArray<string> SecurityOptions { get; } =
    ["no-new-privileges", "no-new-privileges:true", "no-new-privileges=true"];

    public static ImmutableArray<string> LogDrivers { get; } = ["json-file", "local"];

    public static ImmutableArray<string> LogOptions { get; } = ["max-size", "max-file"];

    public static ImmutableArray<string> TmpfsOptions { get; } =
    ["size", "mode", "uid", "gid", "rw", "ro", "exec", "noexec", "suid", "nosuid", "dev", "nodev"];

    public static bool IsSysctl(string name) =>
        Sysctls.Any(safe => safe.EndsWith('*') ? name.StartsWith(safe[..^1], StringComparison.Ordinal) : name == safe);

    /// <summary>`CAP_CHOWN` and `chown` are the same.</summary>
    public static bool IsCapability(string name)
    {
        var plain = name.ToUpperInvariant();
        return Capabilities.Contains(plain.StartsWith("CAP_", StringComparison.Ordinal) ? plain[4..] : plain);
    }
}
