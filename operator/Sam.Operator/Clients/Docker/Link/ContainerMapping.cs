using System.Collections.Immutable;
using System.Globalization;
using Docker.DotNet.Models;

namespace Sam.Operator.Clients.Docker;

/// <summary>Between the seam's records and Docker.DotNet's models.</summary>
internal static class ContainerMapping
{
    public static CreateContainerParameters ToDocker(ContainerRequest request) =>
        new()
        {
            Name = request.Name,
            Image = request.Image,
            Labels = request.Labels.ToDictionary(StringComparer.Ordinal),
            Cmd = request.Command?.ToList()!,
            Entrypoint = request.Entrypoint is { } entrypoint ? (entrypoint.IsEmpty ? [""] : [.. entrypoint]) : null!,
            Env = [.. request.Environment],
            Healthcheck = request.Health is { } probe ? ToDocker(probe) : null,
            Hostname = request.Hostname!,
            Domainname = request.DomainName!,
            User = request.User!,
            WorkingDir = request.WorkingDirectory!,
            StopSignal = request.StopSignal!,
            StopTimeout = request.StopGrace,
            ExposedPorts = request.Ports.ToDictionary(PortKey, _ => default(EmptyStruct), StringComparer.Ordinal),
            HostConfig = Confined(HostConfigOf(request), request),
            NetworkingConfig =
                request.Network is { } network && !request.NetworkAliases.IsEmpty
                    ? new NetworkingConfig
                    {
                        EndpointsConfig = new Dictionary<string, EndpointSettings>(StringComparer.Ordinal)
                        {
                            [network] = new() { Aliases = [.. request.NetworkAliases] },
                        },
                    }
                    : null,
        };

    public static EngineContainer FromDocker(ContainerInspectResponse shown) =>
        new(
            shown.ID!,
            shown.Name!.TrimStart('/'),
            shown.Config!.Image,
            (shown.Config!.Labels ?? new Dictionary<string, string>(StringComparer.Ordinal)).ToImmutableDictionary(
                StringComparer.Ordinal
            ),
            Enum.TryParse<ContainerState>(shown.State!.Status, ignoreCase: true, out var state) ? state : ContainerState.Dead,
            Enum.TryParse<ContainerHealth>(shown.State.Health?.Status, ignoreCase: true, out var health)
                ? health
                : ContainerHealth.None,
            (int)shown.State.ExitCode,
            (int)shown.RestartCount,
            shown.State.OOMKilled,
            Time(shown.State.StartedAt),
            Time(shown.State.FinishedAt),
            (
                shown.NetworkSettings?.Networks ?? new Dictionary<string, EndpointSettings>(StringComparer.Ordinal)
            ).ToImmutableDictionary(n => n.Key, n => AliasesOf(n.Value, shown.ID), StringComparer.Ordinal)
        );

    private static HostConfig HostConfigOf(ContainerRequest request) =>
        new()
        {
            Binds = [.. request.Volumes.Select(v => $"{v.Source}:{v.Target}{(v.ReadOnly ? ":ro" : "")}")],
            Tmpfs = request.Tmpfs.ToDictionary(
                path => path,
                path => request.TmpfsOptions.GetValueOrDefault(path, ""),
                StringComparer.Ordinal
            ),
            // Not as a bind: the engine would make a missing file as a folder.
            Mounts =
            [
                .. request.Files.Select(file => new Mount
                {
                    Type = "bind",
                    Source = file.Source,
                    Target = file.Target,
                    ReadOnly = true,
                }),
            ],
            PortBindings = request
                .Ports.GroupBy(PortKey, StringComparer.Ordinal)
                .ToDictionary(
                    g => g.Key,
                    IList<PortBinding> (g) => [.. g.Select(p => new PortBinding { HostPort = p.HostPort.ToString() })],
                    StringComparer.Ordinal
                ),
            RestartPolicy = new RestartPolicy
            {
                Name = PolicyOf(request.RestartPolicy),
                MaximumRetryCount = request.RestartRetries,
            },
            NanoCPUs = request.NanoCpus,
            Memory = request.MemoryBytes,
            MemoryReservation = request.MemoryReservationBytes,
            PidsLimit = request.PidsLimit > 0 ? request.PidsLimit : null,
            Init = request.Init ? true : null,
            SecurityOpt = request.NoNewPrivileges ? ["no-new-privileges:true"] : [],
            NetworkMode = request.Network ?? "default",
        };

    private static HostConfig Confined(HostConfig config, ContainerRequest request)
    {
        config.CapAdd = [.. request.CapAdd];
        config.CapDrop = [.. request.CapDrop];
        config.ReadonlyRootfs = request.ReadOnlyRoot;
        config.ShmSize = request.ShmBytes;
        config.Ulimits =
        [
            .. request.Ulimits.Select(limit => new Ulimit
            {
                Name = limit.Name,
                Soft = limit.Soft,
                Hard = limit.Hard,
            }),
        ];
        config.Sysctls = request.Sysctls.ToDictionary(StringComparer.Ordinal);
        config.GroupAdd = [.. request.Groups];
        config.CPUShares = request.CpuShares;
        config.CpusetCpus = request.Cpuset ?? "";
        config.MemorySwap = request.MemorySwapBytes;
        config.DNS = [.. request.Dns];
        config.DNSOptions = [.. request.DnsOptions];
        config.DNSSearch = [.. request.DnsSearch];
        config.ExtraHosts = [.. request.ExtraHosts];
        config.LogConfig =
            request.LogDriver is null && request.LogOptions.IsEmpty
                ? null!
                : new LogConfig
                {
                    Type = request.LogDriver ?? "json-file",
                    Config = request.LogOptions.ToDictionary(StringComparer.Ordinal),
                };
        return config;
    }

    private static HealthcheckConfig ToDocker(HealthProbe probe) =>
        new()
        {
            Test = [.. probe.Test],
            Interval = probe.Interval,
            Timeout = probe.Timeout,
            StartPeriod = probe.StartPeriod,
            Retries = probe.Retries,
        };

    private static RestartPolicyKind PolicyOf(string policy) =>
        policy switch
        {
            "no" => RestartPolicyKind.No,
            "always" => RestartPolicyKind.Always,
            "on-failure" => RestartPolicyKind.OnFailure,
            "unless-stopped" => RestartPolicyKind.UnlessStopped,
            _ => throw new EngineException(EngineErrorKind.Invalid, $"unknown restart policy {policy}"),
        };

    private static string PortKey(PublishedPort port) => $"{port.ContainerPort}/{port.Protocol}";

    /// <summary>Engines before 25 add the container's short id to the aliases that were asked for.</summary>
    private static ImmutableArray<string> AliasesOf(EndpointSettings endpoint, string id) =>
        endpoint.Aliases is { } aliases
            ? [.. aliases.Where(a => !id.StartsWith(a, StringComparison.Ordinal) || a.Length != 12)]
            : [];

    /// <summary>Docker writes year 1 for never.</summary>
    private static DateTimeOffset? Time(string? text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at) && at.Year > 1
            ? at
            : null;
}
