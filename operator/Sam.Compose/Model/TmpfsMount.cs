namespace Sam.Compose.Model;

/// <summary>A memory file system at a path.</summary>
public sealed record TmpfsMount(string Path)
{
    /// <summary>Mount options of the short form, such as size=64m; null: none.</summary>
    public string? Options { get; init; }

    /// <summary>Bytes; long form only.</summary>
    public long? SizeBytes { get; init; }

    /// <summary>Permission bits; long form only.</summary>
    public int? Mode { get; init; }
}
