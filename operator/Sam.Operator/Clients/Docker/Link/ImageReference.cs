namespace Sam.Operator.Clients.Docker;

/// <summary>The parts of an image reference that the pull call takes apart.</summary>
internal static class ImageReference
{
    /// <summary>Name and tag or digest; without either the tag is <c>latest</c>, or the engine would pull every tag.</summary>
    public static (string Name, string Tag) Split(string reference)
    {
        var digest = reference.IndexOf('@', StringComparison.Ordinal);
        if (digest >= 0)
        {
            // With both, the digest decides; the engine takes one.
            var (name, _) = Split(reference[..digest]);
            return (name, reference[(digest + 1)..]);
        }

        var colon = reference.LastIndexOf(':');
        return colon > reference.LastIndexOf('/') ? (reference[..colon], reference[(colon + 1)..]) : (reference, "latest");
    }
}
