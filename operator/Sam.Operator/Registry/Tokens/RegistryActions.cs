namespace Sam.Operator.Registry.Tokens;

/// <summary>What may be done with a repository.</summary>
[Flags]
internal enum RegistryActions
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>Read manifests and layers.</summary>
    Pull = 1,

    /// <summary>Write manifests and layers; clients ask for pull with it.</summary>
    Push = 2,

    /// <summary>Remove manifests.</summary>
    Delete = 4,
}

/// <summary>Actions as the scheme spells them.</summary>
internal static class RegistryActionWords
{
    private static readonly (RegistryActions Action, string Word)[] s_words =
    [
        (RegistryActions.Pull, "pull"),
        (RegistryActions.Push, "push"),
        (RegistryActions.Delete, "delete"),
    ];

    /// <summary>The words of a set, always in the same order.</summary>
    public static IEnumerable<string> Words(this RegistryActions actions) =>
        s_words.Where(pair => actions.HasFlag(pair.Action)).Select(pair => pair.Word);

    /// <summary>The action of a word; <c>*</c> is all of them, an unknown word none.</summary>
    public static RegistryActions Read(string word) =>
        word == "*"
            ? RegistryActions.Pull | RegistryActions.Push | RegistryActions.Delete
            : s_words.FirstOrDefault(pair => pair.Word == word).Action;
}
