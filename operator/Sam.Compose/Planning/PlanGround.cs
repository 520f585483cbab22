using System.Collections.Immutable;

namespace Sam.Compose.Planning;

/// <summary>What containers stand on: networks, volumes, images, files; only what is missing.</summary>
internal sealed class PlanGround(Desired desired, Observed observed, ImmutableArray<ServiceView> views)
{
    public IEnumerable<Operation> Networks() =>
        desired
            .Networks.Select(entry => (Name: EngineNames.Network(desired.Uid, entry.Key), Internal: entry.Value))
            .Where(network => !observed.Networks.Contains(network.Name))
            .Select(network => new Operation.EnsureNetwork(network.Name, EngineNames.AppLabels(desired.Uid), network.Internal));

    public IEnumerable<Operation> Volumes() =>
        views
            .SelectMany(view => view.Service.Spec.Volumes)
            .Select(mount => mount.Volume)
            .Distinct()
            .Order(StringComparer.Ordinal)
            .Where(volume => !observed.Volumes.Contains(EngineNames.Volume(desired.Uid, volume)))
            .Select(volume => new Operation.EnsureVolume(
                EngineNames.Volume(desired.Uid, volume),
                EngineNames.VolumeLabels(desired.Uid, volume)
            ));

    public IEnumerable<Operation> Pulls() =>
        views
            .Where(view => view.NeedsCreate && !observed.Images.Contains(view.Service.Spec.Image))
            .DistinctBy(view => view.Service.Spec.Image)
            .Select(view => new Operation.PullImage(view.Service.Name, view.Service.Spec.Image));

    // A container that runs holds its files; one that starts needs them.
    public IEnumerable<Operation> Files() =>
        views
            .Where(view => view.NeedsStart)
            .SelectMany(view => view.Service.Spec.Files ?? [])
            .Select(file => file.Name)
            .Distinct()
            .Where(name => !observed.Files.Contains(name))
            .Order(StringComparer.Ordinal)
            .Select(name => new Operation.WriteFile(desired.Files[name]));
}
