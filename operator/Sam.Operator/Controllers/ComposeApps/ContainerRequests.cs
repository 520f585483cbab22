using System.Collections.Immutable;
using Sam.Compose.Model;
using Sam.Compose.Planning;
using Sam.Operator.Clients.Docker;
using VolumeMount = Sam.Operator.Clients.Docker.VolumeMount;

namespace Sam.Operator.Controllers.ComposeApps;

/// <summary>From a planned container to a request that the engine takes. Pure.</summary>
internal static class ContainerRequests
{
    /// <summary>The request for one planned container.</summary>
    public static ContainerRequest For(Operation.CreateContainer planned)
    {
        var spec = planned.Spec;
        var request = new ContainerRequest
        {
            Name = planned.Name,
            Image = spec.Image,
            Labels = planned.Labels.ToImmutableDictionary(),
            Command = spec.Command,
            Entrypoint = spec.Entrypoint,
            Environment = [.. spec.Environment.Select(variable => $"{variable.Key}={variable.Value}")],
            Health = Probe(spec.Healthcheck),
            Volumes = [.. planned.Mounts.Select(mount => new VolumeMount(mount.VolumeName, mount.Path, mount.ReadOnly))],
            RestartPolicy = Policy(spec.Restart.Mode),
            RestartRetries = spec.Restart.MaximumRetries ?? 0,
            NanoCpus = spec.Resources?.NanoCpus ?? 0,
            MemoryBytes = spec.Resources?.MemoryBytes ?? 0,
            MemoryReservationBytes = spec.Resources?.ReservedMemoryBytes ?? 0,
            PidsLimit = spec.Resources?.Pids ?? 0,
            User = spec.User,
            WorkingDirectory = spec.WorkingDir,
            Init = spec.Init ?? false,
            StopSignal = spec.StopSignal,
            StopGrace = spec.StopGracePeriod,
            Network = planned.Network,
            NetworkAliases = planned.Aliases,
        };
        return Addressed(Confined(Sized(request, spec), spec), spec);
    }

    private static ContainerRequest Addressed(ContainerRequest request, ContainerSpec spec)
    {
        var known = spec.Addressing ?? new Addressing();
        return request with
        {
            Hostname = known.Hostname,
            DomainName = known.DomainName,
            Dns = known.Dns ?? [],
            DnsOptions = known.DnsOptions ?? [],
            DnsSearch = known.DnsSearch ?? [],
            ExtraHosts =
            [
                .. (known.ExtraHosts ?? []).Select(line => line.Split('=', 2)).Select(parts => $"{parts[0]}:{parts[1]}"),
            ],
            LogDriver = spec.Logging?.Driver,
            LogOptions = (spec.Logging?.Options ?? Ordinal.Empty<string>())
                .Where(option => option.Key is "max-size" or "max-file")
                .ToImmutableDictionary(),
        };
    }

    private static ContainerRequest Sized(ContainerRequest request, ContainerSpec spec)
    {
        var held = spec.Confinement ?? new Confinement();
        return request with
        {
            Tmpfs = [.. (spec.Tmpfs ?? []).Select(mount => mount.Path).Distinct()],
            TmpfsOptions = (spec.Tmpfs ?? []).DistinctBy(mount => mount.Path).ToImmutableDictionary(mount => mount.Path, Options),
            Files = [.. (spec.Files ?? []).Select(file => new FileBind(NodeFiles.PathOf(file.Name, file.InMemory), file.Target))],
            CpuShares = held.CpuShares ?? 0,
            Cpuset = held.Cpuset,
            MemorySwapBytes = held.MemorySwapBytes ?? 0,
        };
    }

    private static ContainerRequest Confined(ContainerRequest request, ContainerSpec spec)
    {
        var held = spec.Confinement ?? new Confinement();
        return request with
        {
            CapAdd = held.CapAdd ?? [],
            CapDrop = held.CapDrop ?? [],
            ReadOnlyRoot = held.ReadOnly == true,
            ShmBytes = held.ShmBytes ?? 0,
            Ulimits =
            [
                .. (held.Ulimits ?? Ordinal.Empty<Ulimit>()).Select(limit => new KernelLimit(
                    limit.Key,
                    limit.Value.Soft,
                    limit.Value.Hard
                )),
            ],
            Sysctls = (held.Sysctls ?? Ordinal.Empty<string>()).ToImmutableDictionary(),
            Groups = held.GroupAdd ?? [],
        };
    }

    private static string Options(TmpfsMount mount) =>
        mount.Options
        ?? string.Join(
            ',',
            new[]
            {
                mount.SizeBytes is { } size ? $"size={size}" : null,
                mount.Mode is { } mode ? $"mode={Convert.ToString(mode, 8)}" : null,
            }.OfType<string>()
        );

    private static HealthProbe? Probe(Healthcheck? check) =>
        check switch
        {
            null => null,
            { Disable: true } => new HealthProbe(["NONE"], null, null, null, null),
            _ => new HealthProbe(check.Test ?? [], check.Interval, check.Timeout, check.StartPeriod, check.Retries),
        };

    private static string Policy(RestartMode mode) =>
        mode switch
        {
            RestartMode.No => "no",
            RestartMode.Always => "always",
            RestartMode.OnFailure => "on-failure",
            RestartMode.UnlessStopped => "unless-stopped",
            _ => throw new InvalidOperationException($"Unhandled restart mode {mode}"),
        };
}
