namespace Sam.Simulators.GitHub.Git;

/// <summary>Objects and refs of one repository, wherever they are kept.</summary>
internal interface IGitObjects
{
    GitObject? Read(string sha);

    string Write(string type, byte[] content);

    /// <summary>Full names of refs and what they point at.</summary>
    IReadOnlyDictionary<string, string> Refs();

    /// <summary>Sets a ref; null removes it.</summary>
    void Set(string name, string? sha);
}

/// <summary>One object as git stores it.</summary>
internal sealed record GitObject(string Type, byte[] Content);
