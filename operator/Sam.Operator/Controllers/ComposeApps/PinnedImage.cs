namespace Sam.Operator.Controllers.ComposeApps;

/// <summary>Image references by digest (OCI distribution: <c>name[:tag][@digest]</c>). Pure.</summary>
internal static class PinnedImage
{
    /// <summary>Whether the reference names a digest.</summary>
    public static bool IsPinned(string image) => image.Contains("@sha256:", StringComparison.Ordinal);

    /// <summary>The reference by digest, without its tag.</summary>
    public static string Pin(string image, string digest)
    {
        var slash = image.LastIndexOf('/');
        var colon = image.LastIndexOf(':');
        return (colon > slash ? image[..colon] : image) + "@" + digest;
    }

    /// <summary>The registry host of a reference; Docker Hub's if none is named.</summary>
    public static string HostOf(string image)
    {
        var first = image.Split('/', 2)[0];
        return image.Contains('/') && (first.Contains('.') || first.Contains(':') || first == "localhost") ? first : "docker.io";
    }

    /// <summary>The repository of a reference: without its host, tag and digest.</summary>
    public static string RepositoryOf(string image)
    {
        var name = image.Split('@', 2)[0];
        var host = HostOf(image);
        if (name.StartsWith(host + "/", StringComparison.Ordinal))
            name = name[(host.Length + 1)..];
        var colon = name.LastIndexOf(':');
        return colon > name.LastIndexOf('/') ? name[..colon] : name;
    }

    /// <summary>The digest of a pinned reference.</summary>
    public static string? DigestOf(string image) => image.Split('@', 2) is [_, var digest] ? digest : null;
}
