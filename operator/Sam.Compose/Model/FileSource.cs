namespace Sam.Compose.Model;

/// <summary>Where the content of a config or secret comes from; exactly one of Content, Variable, File and External is given.</summary>
public sealed record FileSource
{
    /// <summary>Written in the file (configs only).</summary>
    public string? Content { get; init; }

    /// <summary>A variable of the app.</summary>
    public string? Variable { get; init; }

    /// <summary>A path that `spec.files` maps to a key of a Secret or ConfigMap.</summary>
    public string? File { get; init; }

    /// <summary>A Secret or ConfigMap of the namespace, as `name` or `name/key`.</summary>
    public string? External { get; init; }

    // Content may hold secrets that interpolation put there.
    public override string ToString() => "FileSource";
}

/// <summary>A config or secret given to a service as a file; null parts are the defaults of the Compose specification.</summary>
/// <param name="Source">Its name at the top level.</param>
/// <param name="Target">Path in the container; a bare name is below /run/secrets (secrets) or / (configs).</param>
/// <param name="Uid">Owner, a number.</param>
/// <param name="Gid">Group, a number.</param>
/// <param name="Mode">Permission bits; null is 0444.</param>
public sealed record FileGrant(string Source, string? Target = null, string? Uid = null, string? Gid = null, int? Mode = null)
{
    /// <summary>Permission bits of a file whose grant names none: 0444.</summary>
    public const int DefaultMode = 0x124;
}
