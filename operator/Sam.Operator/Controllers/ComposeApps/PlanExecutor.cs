using Sam.Compose.Planning;
using Sam.Crds.V1Alpha1;
using Sam.Operator.Clients.Docker;
using Sam.Runtime.Leases;

namespace Sam.Operator.Controllers.ComposeApps;

/// <summary>Executes a plan in order until something has to be waited for. Every operation is harmless to repeat.</summary>
internal sealed class PlanExecutor(ImagePulls pulls, ILeadership leadership, TimeProvider timeProvider)
{
    private static readonly TimeSpan DefaultStopGrace = TimeSpan.FromSeconds(10);

    /// <summary>Runs up to the first await; that one, or null when all was done.</summary>
    public async Task<Operation?> RunAsync(
        DeployPlan plan,
        ComposeApp app,
        IMachineLink link,
        CancellationToken cancellationToken
    )
    {
        // What was made in this run has an id that the plan cannot know.
        var made = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var operation in plan.Operations)
        {
            if (operation.IsAwait)
                return operation;
            leadership.ThrowIfNotLeader();
            await ActAsync(operation, app, link, made, cancellationToken);
        }

        return null;
    }

    private async Task ActAsync(
        Operation operation,
        ComposeApp app,
        IMachineLink link,
        Dictionary<string, string> made,
        CancellationToken cancellationToken
    )
    {
        string Id(ContainerRef container) => container.Id ?? made.GetValueOrDefault(container.Name, container.Name);
        switch (operation)
        {
            case Operation.EnsureNetwork network:
                await link.EnsureNetworkAsync(network.Name, network.Labels, null, network.Internal, cancellationToken);
                break;
            case Operation.EnsureVolume volume:
                await link.EnsureVolumeAsync(volume.Name, volume.Labels, cancellationToken);
                break;
            case Operation.WriteFile write:
                await NodeFiles.WriteAsync(link, write.File, cancellationToken);
                break;
            case Operation.PullImage pull:
                await pulls.PullAsync(pull.Image, app, link, cancellationToken);
                break;
            case Operation.CreateContainer create:
                made[create.Name] = await CreateAsync(create, app, link, cancellationToken);
                break;
            case Operation.StartContainer start:
                await link.StartContainerAsync(Id(start.Container), cancellationToken);
                break;
            case Operation.ConnectNetwork connect:
                await link.ConnectAsync(connect.Network, Id(connect.Container), connect.Aliases, cancellationToken);
                break;
            case Operation.ConnectEdge edge:
                await ConnectEdgeAsync(edge, Id(edge.Container), link, cancellationToken);
                break;
            case Operation.DisconnectEdge { KeepAddress: true } edge:
                await link.RealiasAsync(edge.Network, Id(edge.Container), [], cancellationToken);
                break;
            case Operation.DisconnectEdge edge:
                await link.DisconnectAsync(edge.Network, Id(edge.Container), cancellationToken);
                break;
            case Operation.Drain drain:
                await Task.Delay(drain.Grace, timeProvider, cancellationToken);
                break;
            case Operation.StopContainer stop:
                await link.StopContainerAsync(Id(stop.Container), DefaultStopGrace, cancellationToken);
                break;
            case Operation.RemoveContainer remove:
                await link.RemoveContainerAsync(Id(remove.Container), cancellationToken);
                break;
            case Operation.RemoveNetwork network:
                await link.RemoveNetworkAsync(network.Name, cancellationToken);
                break;
            case Operation.RemoveVolume volume:
                await link.RemoveVolumeAsync(volume.Name, cancellationToken);
                break;
            default:
                throw new InvalidOperationException($"Unhandled operation {operation.GetType().Name}");
        }
    }

    /// <summary>A container that was taken off its alias is connected still, and only gets the alias back.</summary>
    private static async Task ConnectEdgeAsync(
        Operation.ConnectEdge edge,
        string id,
        IMachineLink link,
        CancellationToken cancellationToken
    )
    {
        var container = await link.InspectContainerAsync(id, cancellationToken);
        await (
            container?.Networks.ContainsKey(edge.Network) == true
                ? link.RealiasAsync(edge.Network, id, [edge.Alias], cancellationToken)
                : link.ConnectAsync(edge.Network, id, [edge.Alias], cancellationToken)
        );
    }

    /// <summary>The name is the fence: one of our spec is adopted, any other is in the way and is told.</summary>
    private async Task<string> CreateAsync(
        Operation.CreateContainer create,
        ComposeApp app,
        IMachineLink link,
        CancellationToken cancellationToken
    )
    {
        try
        {
            return await link.CreateContainerAsync(ContainerRequests.For(create), cancellationToken);
        }
        catch (EngineException e) when (e.Kind == EngineErrorKind.ImageNotFound)
        {
            // Seen when the plan was made and gone now, by somebody's hand or by another app's tidying: no fault of the release.
            await pulls.PullAsync(create.Spec.Image, app, link, cancellationToken);
            return await link.CreateContainerAsync(ContainerRequests.For(create), cancellationToken);
        }
        catch (EngineException e) when (e.Kind == EngineErrorKind.NameTaken)
        {
            var existing = await link.InspectContainerAsync(create.Name, cancellationToken);
            if (existing?.Labels.GetValueOrDefault(EngineNames.SpecLabel) == create.Spec.Hash)
                return existing.Id;
            throw;
        }
    }
}
