namespace Sam.Operator.Clients.Docker.RecordOnly;

public sealed partial class RecordOnlyEngine
{
    private const int FileBytes = 4 * 1024 * 1024;

    /// <inheritdoc/>
    public async Task<ExecResult> ExecAsync(
        string containerId,
        IReadOnlyList<string> command,
        ReadOnlyMemory<byte> standardInput,
        CancellationToken cancellationToken
    )
    {
        var call = await CallAsync(
            "Exec",
            _ =>
                Get(containerId) is { State: ContainerState.Running } container
                    ? new ExecCall(container.Show(), [.. command], standardInput.ToArray()) { Files = FilesOf(container) }
                    : throw new EngineException(EngineErrorKind.Conflict, $"Container {containerId} is not running"),
            cancellationToken
        );

        // Outside of the lock: a hook may read files or ask the engine.
        var before = new Dictionary<string, byte[]>(call.Files, StringComparer.Ordinal);
        var result = Script.Run(call);
        lock (gate)
        {
            if (Find(containerId) is { } container)
            {
                KeepFiles(container, before, call.Files);
                Say(container, "exec_die", time.GetUtcNow());
            }
        }

        return result;
    }

    /// <summary>Every file as the container sees it: its own, and those of what is mounted.</summary>
    private Dictionary<string, byte[]> FilesOf(RecordedContainer container)
    {
        var seen = new Dictionary<string, byte[]>(container.Files, StringComparer.Ordinal);
        foreach (var mount in container.Request.Volumes)
        {
            var target = mount.Target.TrimEnd('/');
            foreach (var (path, content) in FilesAt(container, target + "/").Files)
                seen[target + path] = content;
        }

        return seen;
    }

    /// <summary>Writes what a command changed back to where it belongs.</summary>
    private void KeepFiles(RecordedContainer container, Dictionary<string, byte[]> before, IDictionary<string, byte[]> after)
    {
        foreach (var path in before.Keys.Where(path => !after.ContainsKey(path)))
        {
            var (files, key) = FilesAt(container, path);
            files.Remove(key);
        }

        foreach (var (path, content) in after.Where(file => before.GetValueOrDefault(file.Key) != file.Value))
        {
            var (files, key) = FilesAt(container, path);
            files[key] = content;
        }
    }

    /// <inheritdoc/>
    public Task PutFileAsync(string containerId, EngineFile file, CancellationToken cancellationToken) =>
        CallAsync(
            "PutFile",
            _ =>
            {
                var path = file.Path;
                if (path.Length < 2 || path[0] != '/' || path[^1] == '/')
                {
                    throw new EngineException(EngineErrorKind.Invalid, $"{path} is not the absolute path of a file");
                }

                var (files, key) = FilesAt(Get(containerId), path);
                files[key] = file.Content.ToArray();
                return true;
            },
            cancellationToken
        );

    /// <inheritdoc/>
    public Task<bool> HasFileAsync(string containerId, string path, CancellationToken cancellationToken) =>
        CallAsync(
            "HasFile",
            _ =>
            {
                var (files, key) = FilesAt(Get(containerId), path);
                return files.ContainsKey(key);
            },
            cancellationToken
        );

    /// <summary>What a folder of the Machine holds, by path below it.</summary>
    public IReadOnlyDictionary<string, byte[]> FolderOf(string folder)
    {
        lock (gate)
            return hostFolders.TryGetValue(folder, out var held) ? new Dictionary<string, byte[]>(held.Files) : [];
    }

    /// <summary>Forgets what a folder of the Machine holds, as a reboot does with one in memory.</summary>
    public void EmptyFolder(string folder)
    {
        lock (gate)
            hostFolders.Remove(folder);
    }

    private bool IsOnHost(string path) =>
        hostFolders.Any(folder =>
            path.StartsWith(folder.Key + "/", StringComparison.Ordinal)
            && folder.Value.Files.ContainsKey(path[folder.Key.Length..])
        );

    /// <inheritdoc/>
    public Task<byte[]?> GetFileAsync(string containerId, string path, CancellationToken cancellationToken) =>
        CallAsync(
            "GetFile",
            _ =>
            {
                var (files, key) = FilesAt(Get(containerId), path);
                var content = files.GetValueOrDefault(key);
                return content is { Length: > FileBytes }
                    ? throw new EngineException(
                        EngineErrorKind.Invalid,
                        $"{path} has {content.Length} bytes, more than {FileBytes}"
                    )
                    : content?.ToArray();
            },
            cancellationToken
        );

    /// <summary>Files below a mount belong to the volume: they outlive the container and others see them.</summary>
    private (Dictionary<string, byte[]> Files, string Key) FilesAt(RecordedContainer container, string path)
    {
        var mount = container
            .Request.Volumes.Where(v => path.StartsWith(v.Target.TrimEnd('/') + "/", StringComparison.Ordinal))
            .MaxBy(v => v.Target.Length);
        if (mount is null)
        {
            return (container.Files, path);
        }

        if (!volumes.TryGetValue(mount.Source, out var volume))
        {
            // A host folder is made like a volume of its path; it is in no list of volumes by labels that anyone gave.
            hostFolders.TryAdd(mount.Source, new RecordedVolume(Keep(new Dictionary<string, string>(StringComparer.Ordinal))));
            volume = hostFolders[mount.Source];
        }

        return (volume.Files, path[mount.Target.TrimEnd('/').Length..]);
    }

    private readonly Dictionary<string, RecordedVolume> hostFolders = new(StringComparer.Ordinal);
}
