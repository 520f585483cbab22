using System.Collections.Immutable;

namespace Sam.Compose.Model;

/// <summary>What a container may do and use, beside `deploy.resources`; null where the file says nothing.</summary>
public sealed record Confinement
{
    public ImmutableArray<string>? CapAdd { get; init; }

    public ImmutableArray<string>? CapDrop { get; init; }

    /// <summary>`security_opt: [no-new-privileges:true]`, the only one that takes rights away.</summary>
    public bool? NoNewPrivileges { get; init; }

    public bool? ReadOnly { get; init; }

    /// <summary>Bytes of /dev/shm.</summary>
    public long? ShmBytes { get; init; }

    public ImmutableSortedDictionary<string, Ulimit>? Ulimits { get; init; }

    public ImmutableSortedDictionary<string, string>? Sysctls { get; init; }

    public ImmutableArray<string>? GroupAdd { get; init; }

    /// <summary>Relative weight, 1024 for all that say nothing.</summary>
    public long? CpuShares { get; init; }

    /// <summary>Processors it may run on, such as 0-2.</summary>
    public string? Cpuset { get; init; }

    /// <summary>Bytes of memory and swap together; -1: no limit.</summary>
    public long? MemorySwapBytes { get; init; }
}

/// <summary>A limit of the kernel; Single: written as one number.</summary>
public sealed record Ulimit(long Soft, long Hard, bool Single = false);
