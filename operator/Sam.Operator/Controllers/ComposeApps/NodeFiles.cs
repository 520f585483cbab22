using System.Collections.Immutable;
using Sam.Compose.Planning;
using Sam.Crds;
using Sam.Operator.Clients.Docker;
using Sam.Operator.Controllers.DeploymentNodes;

namespace Sam.Operator.Controllers.ComposeApps;

/// <summary>
/// Configs and secrets on a node. They are written through a container that never runs and alone has these folders: secrets below /run, which is memory and empty after a
/// reboot, configs on the disk. Apps see single files of them, read-only.
/// </summary>
internal static class NodeFiles
{
    /// <summary>The container they are written through.</summary>
    public const string Container = "sam-files";

    /// <summary>Folder of secrets on the node.</summary>
    public const string MemoryFolder = "/run/sam/secrets";

    private const string DiskFolder = "/var/lib/sam/configs";

    /// <summary>Where a file is on the node.</summary>
    public static string PathOf(string name, bool inMemory) => $"{(inMemory ? MemoryFolder : DiskFolder)}/{name}";

    /// <summary>Writes one; repeating it is harmless.</summary>
    /// <exception cref="EngineException">The engine does not answer, or the node is not ready yet.</exception>
    public static async Task WriteAsync(IMachineLink link, FileContent file, CancellationToken cancellationToken)
    {
        var id = await ContainerAsync(link, cancellationToken);
        var written = new EngineFile(Inside(file.Name, file.InMemory), file.Bytes.AsMemory())
        {
            Mode = file.Mode,
            Uid = file.Uid,
            Gid = file.Gid,
        };
        await link.PutFileAsync(id, written, cancellationToken);
    }

    /// <summary>Leaves nothing in a secret that is not used any more; its name stays until the next reboot.</summary>
    /// <exception cref="EngineException">The engine does not answer.</exception>
    public static async Task EmptyAsync(IMachineLink link, FileContent file, CancellationToken cancellationToken)
    {
        if (await link.InspectContainerAsync(Container, cancellationToken) is { } holder)
            await link.PutFileAsync(
                holder.Id,
                new EngineFile(Inside(file.Name, file.InMemory), ReadOnlyMemory<byte>.Empty),
                cancellationToken
            );
    }

    /// <summary>Which of these are on the node.</summary>
    /// <exception cref="EngineException">The engine does not answer.</exception>
    public static async Task<ImmutableArray<string>> PresentAsync(
        IMachineLink link,
        IReadOnlyCollection<FileContent> files,
        CancellationToken cancellationToken
    )
    {
        if (files.Count == 0 || await link.InspectContainerAsync(Container, cancellationToken) is not { } holder)
            return [];
        var present = ImmutableArray.CreateBuilder<string>();
        foreach (var file in files)
        {
            if (await link.HasFileAsync(holder.Id, Inside(file.Name, file.InMemory), cancellationToken))
                present.Add(file.Name);
        }

        return present.ToImmutable();
    }

    private static string Inside(string name, bool inMemory) => $"{(inMemory ? "/secrets" : "/configs")}/{name}";

    private static async Task<string> ContainerAsync(IMachineLink link, CancellationToken cancellationToken)
    {
        if (await link.InspectContainerAsync(Container, cancellationToken) is { } holder)
            return holder.Id;
        // Any image does, since it never runs; Caddy's is on every node and stays there.
        var caddy =
            await link.InspectContainerAsync(CaddyContainer.Name, cancellationToken)
            ?? throw new EngineException(EngineErrorKind.Conflict, "Caddy is not on the node yet");
        try
        {
            return await link.CreateContainerAsync(
                new ContainerRequest
                {
                    Name = Container,
                    Image = caddy.Image,
                    Labels = ImmutableDictionary<string, string>.Empty.Add(Names.EngineLabels.Kind, "DeploymentNode"),
                    Volumes = [new VolumeMount(MemoryFolder, "/secrets"), new VolumeMount(DiskFolder, "/configs")],
                },
                cancellationToken
            );
        }
        catch (EngineException e) when (e.Kind == EngineErrorKind.NameTaken)
        {
            return Container;
        }
    }
}
