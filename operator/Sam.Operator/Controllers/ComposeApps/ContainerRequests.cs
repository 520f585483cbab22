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
        return new ContainerRequest
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
            NetworkAliases = [spec.Service],
        };
    }

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
