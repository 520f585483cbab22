using System.Collections.Immutable;
using System.Globalization;
using Sam.Compose.Planning;
using Sam.Operator.Clients.Docker;
using ContainerHealth = Sam.Compose.Planning.ContainerHealth;
using ContainerState = Sam.Compose.Planning.ContainerState;

namespace Sam.Operator.Controllers.ComposeApps;

/// <summary>What the engine holds of one app, in the planner's words.</summary>
internal static class EngineView
{
    /// <summary>Observes an app's containers, networks and volumes, and which of the wanted images and files are there.</summary>
    public static async Task<Observed> ObserveAsync(
        IMachineLink link,
        Desired desired,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        var uid = desired.Uid;
        var images = desired.Services.Select(service => service.Spec.Image);
        var labels = EngineNames.AppLabels(uid);
        var containers = await link.ListContainersAsync(labels, cancellationToken);
        var held = ImmutableArray.CreateBuilder<string>();
        foreach (var image in images.Distinct(StringComparer.Ordinal))
        {
            if (await link.HasImageAsync(image, cancellationToken))
                held.Add(image);
        }

        return new Observed
        {
            Now = now,
            Containers = [.. containers.Select(container => Of(uid, container))],
            Networks = [.. await link.ListNetworksAsync(labels, cancellationToken)],
            Volumes = [.. await link.ListVolumesAsync(labels, cancellationToken)],
            Images = held.ToImmutable(),
            Files = await NodeFiles.PresentAsync(link, Needed(desired, containers), cancellationToken),
        };
    }

    // A container that runs has its files; only one that is to start needs them.
    private static List<FileContent> Needed(Desired desired, IReadOnlyList<EngineContainer> containers)
    {
        var running = containers
            .Where(container => container.State == Clients.Docker.ContainerState.Running)
            .Select(container => container.Labels.GetValueOrDefault(EngineNames.SpecLabel, ""))
            .ToHashSet(StringComparer.Ordinal);
        return
        [
            .. desired
                .Services.Where(service => service.Spec.Files is not null && !running.Contains(service.Spec.Hash))
                .SelectMany(service => service.Spec.Files!.Value)
                .Select(file => desired.Files[file.Name])
                .DistinctBy(file => file.Name),
        ];
    }

    private static ObservedContainer Of(string uid, EngineContainer container)
    {
        string Label(string name) => container.Labels.GetValueOrDefault(name, "");
        return new ObservedContainer
        {
            Id = container.Id,
            Name = container.Name,
            Service = Label(EngineNames.ServiceLabel),
            Release = long.TryParse(Label(EngineNames.ReleaseLabel), CultureInfo.InvariantCulture, out var release) ? release : 0,
            SpecHash = Label(EngineNames.SpecLabel),
            State = Enum.Parse<ContainerState>(container.State.ToString()),
            Health = Enum.Parse<ContainerHealth>(container.Health.ToString()),
            ExitCode = container.ExitCode,
            StartedAt = container.StartedAt,
            Restarts = container.RestartCount,
            Replica = int.TryParse(Label(EngineNames.ReplicaLabel), CultureInfo.InvariantCulture, out var replica) ? replica : 1,
            Networks = [.. container.Networks.Keys.Where(name => EngineNames.IsNetwork(uid, name))],
            EdgeAliases = container.Networks.TryGetValue(EngineNames.EdgeNetwork, out var aliases)
                ? [.. aliases.Where(alias => alias.StartsWith(EngineNames.EdgeAlias(uid, ""), StringComparison.Ordinal))]
                : [],
        };
    }
}
