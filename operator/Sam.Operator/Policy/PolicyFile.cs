using System.Security.Cryptography;
using Sam.Rules.Policy;

namespace Sam.Operator.Policy;

/// <summary>
/// The policy in a file, read anew while the operator runs. An invalid file never takes the place of a good one; where there was no good one
/// since the start, everything that the policy decides is forbidden until there is.
/// </summary>
internal sealed class PolicyFile(string path, PolicyMetrics metrics, ILogger<PolicyFile> logger) : IPlatformPolicies
{
    private readonly Lock _gate = new();
    private volatile PlatformPolicy? _current;
    private string? _seen;

    /// <inheritdoc/>
    public PlatformPolicy Current
    {
        get
        {
            if (_current is null)
                Refresh();
            return _current!;
        }
    }

    /// <summary>Reads the file; true if another policy holds now. Reading is by content: links of mounted ConfigMaps move without a trace in times.</summary>
    public bool Refresh()
    {
        lock (_gate)
        {
            string text;
            try
            {
                text = File.ReadAllText(path);
            }
            catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
            {
                return Refuse($"unreadable {fault.GetType().Name}", [fault.Message]);
            }

            var hash = Convert.ToHexString(SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(text)));
            if (hash == _seen)
                return false;
            var reading = PolicyText.Read(text);
            if (reading.Policy is not { } policy)
                return Refuse(hash, reading.Problems);
            _seen = hash;
            _current = policy;
            metrics.Loaded(policy.Rules.Count);
            PolicyLog.Loaded(logger, path, policy.Rules.Count);
            return true;
        }
    }

    // Told once for each content, not at every look.
    private bool Refuse(string mark, IReadOnlyList<string> problems)
    {
        var isFirst = _current is null;
        if (isFirst)
            _current = PlatformPolicy.Closed($"the platform policy in {path} cannot be read");
        if (mark != _seen)
        {
            _seen = mark;
            metrics.Refused();
            PolicyLog.Refused(
                logger,
                path,
                string.Join("; ", problems),
                isFirst ? "nothing is allowed" : "the last good one holds"
            );
        }

        return isFirst;
    }
}
