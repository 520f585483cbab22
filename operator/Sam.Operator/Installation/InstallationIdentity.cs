using Sam.Operator.Clients.Docker;

namespace Sam.Operator.Installation;

/// <summary>Who this installation is: its id at the provider, the secret behind the VMs' keys, and the certificate it shows to engines.</summary>
internal sealed class InstallationIdentity
{
    private Content? _content;

    /// <summary>Random id; labels every server.</summary>
    public string Id => Known.Id;

    /// <summary>Derives the VMs' keys.</summary>
    public EngineIdentity EngineKeys => Known.EngineKeys;

    /// <summary>The certificate shown to engines.</summary>
    public OperatorIdentity Operator => Known.Operator;

    /// <summary>UID of the Secret that says so.</summary>
    public string Uid => Known.Uid;

    /// <summary>When that Secret was made, or restored.</summary>
    public DateTimeOffset MadeAt => Known.MadeAt;

    private Content Known => _content ?? throw new InvalidOperationException("The installation's Secret was not loaded yet");

    /// <summary>Set once, before any controller runs.</summary>
    public void Load(
        string id,
        EngineIdentity engineKeys,
        OperatorIdentity @operator,
        string uid = "",
        DateTimeOffset madeAt = default
    ) => _content = new Content(id, engineKeys, @operator, uid, madeAt);

    private sealed record Content(
        string Id,
        EngineIdentity EngineKeys,
        OperatorIdentity Operator,
        string Uid,
        DateTimeOffset MadeAt
    );
}
