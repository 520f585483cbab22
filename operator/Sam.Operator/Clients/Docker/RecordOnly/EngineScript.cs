using System.Security.Cryptography;
using System.Text;

namespace Sam.Operator.Clients.Docker.RecordOnly;

/// <summary>How containers of one image behave. The default turns healthy after two seconds and runs until it is stopped.</summary>
public sealed record ImageScript
{
    /// <summary>From start to healthy; null = never, unhealthy instead. Counts only where a health check is.</summary>
    public TimeSpan? HealthyAfter { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>From start to unhealthy, where it never turns healthy.</summary>
    public TimeSpan UnhealthyAfter { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Whether the image itself brings a health check.</summary>
    public bool HasHealthCheck { get; init; }

    /// <summary>From start to its end by itself; null = runs on.</summary>
    public TimeSpan? ExitsAfter { get; init; }

    /// <summary>Exit code of that end.</summary>
    public int ExitCode { get; init; }

    /// <summary>Exit code when it is stopped from outside.</summary>
    public int StopExitCode { get; init; } = 143;

    /// <summary>What its log says.</summary>
    public string Logs { get; init; } = "";
}

/// <summary>A command run in a container of the record-only engine.</summary>
/// <param name="Container">The container at that moment.</param>
/// <param name="Command">Command and arguments.</param>
/// <param name="StandardInput">What it was given on standard input.</param>
public sealed record ExecCall(EngineContainer Container, IReadOnlyList<string> Command, ReadOnlyMemory<byte> StandardInput)
{
    /// <summary>The container's files by path; a hook may change them, as the command would.</summary>
    public IDictionary<string, byte[]> Files { get; init; } = new Dictionary<string, byte[]>(StringComparer.Ordinal);

    /// <summary>Standard input as text.</summary>
    public string InputText => Encoding.UTF8.GetString(StandardInput.Span);
}

/// <summary>What the registry holds and how images behave. Unless told otherwise every image exists and behaves well.</summary>
public sealed class EngineScript
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, ImageScript> images = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> digests = new(StringComparer.Ordinal);
    private readonly Dictionary<string, EngineErrorKind> refusals = new(StringComparer.Ordinal);
    private readonly List<(Func<ExecCall, bool> Applies, Func<ExecCall, ExecResult> Run)> execs = [];

    /// <summary>How images behave that were not named.</summary>
    public ImageScript Default { get; set; } = new();

    /// <summary>Scripts one reference; its containers behave so whether they name the tag or the digest.</summary>
    public EngineScript Image(string reference, ImageScript script, string? digest = null)
    {
        lock (gate)
        {
            var key = Normalize(reference);
            images[key] = script;
            digests[key] = digest ?? DefaultDigest(key);
        }

        return this;
    }

    /// <summary>A pull or look-up of this reference fails so; null lifts it.</summary>
    public EngineScript Refuse(string reference, EngineErrorKind? kind)
    {
        lock (gate)
        {
            if (kind is { } refusal)
            {
                refusals[Normalize(reference)] = refusal;
            }
            else
            {
                refusals.Remove(Normalize(reference));
            }
        }

        return this;
    }

    /// <summary>The registry has no such image.</summary>
    public EngineScript Missing(string reference) => Refuse(reference, EngineErrorKind.ImageNotFound);

    /// <summary>Answers commands; the latest hook that applies wins. Without one a command exits 0 and says nothing.</summary>
    public EngineScript OnExec(Func<ExecCall, bool> applies, Func<ExecCall, ExecResult> run)
    {
        lock (gate)
        {
            execs.Insert(0, (applies, run));
        }

        return this;
    }

    /// <summary>How long prepared commands run; none at all unless told.</summary>
    public Func<ExecCall, TimeSpan> ExecTakes { get; set; } = _ => TimeSpan.Zero;

    /// <summary>The digest the registry has for a reference; the reference's own if it names one.</summary>
    public string DigestOf(string reference)
    {
        lock (gate)
        {
            var key = Normalize(reference);
            var at = key.IndexOf('@', StringComparison.Ordinal);
            return at >= 0 ? key[(at + 1)..] : digests.GetValueOrDefault(key) ?? DefaultDigest(key);
        }
    }

    internal static string Normalize(string reference)
    {
        var (name, tag) = ImageReference.Split(reference);
        return tag.Contains(':', StringComparison.Ordinal) ? $"{name}@{tag}" : $"{name}:{tag}";
    }

    internal ImageScript ScriptOf(string reference)
    {
        lock (gate)
        {
            var key = Normalize(reference);
            return images.GetValueOrDefault(key) ?? images.GetValueOrDefault(TagOf(key) ?? key) ?? Default;
        }
    }

    internal EngineErrorKind? RefusalOf(string reference)
    {
        lock (gate)
        {
            var key = Normalize(reference);
            return refusals.TryGetValue(key, out var kind) || (TagOf(key) is { } tag && refusals.TryGetValue(tag, out kind))
                ? kind
                : null;
        }
    }

    internal ExecResult Run(ExecCall call)
    {
        (Func<ExecCall, bool> Applies, Func<ExecCall, ExecResult> Run)[] hooks;
        lock (gate)
        {
            hooks = [.. execs];
        }

        var hook = Array.Find(hooks, h => h.Applies(call));
        return hook.Run is null ? new ExecResult(0, "", "") : hook.Run(call);
    }

    /// <summary>The scripted tag behind a reference by digest.</summary>
    private string? TagOf(string key)
    {
        var at = key.IndexOf('@', StringComparison.Ordinal);
        if (at < 0)
        {
            return null;
        }

        var (name, digest) = (key[..at], key[(at + 1)..]);
        return digests.FirstOrDefault(d => d.Value == digest && ImageReference.Split(d.Key).Name == name).Key;
    }

    private static string DefaultDigest(string key) =>
        "sha256:" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)));
}
