using Sam.Crds.V1Alpha1;

namespace Sam.Operator.Registry.Logins;

/// <summary>Whether what a login was made for still stands: its entry is its journal, so that taking the entry away ends it at once.</summary>
internal interface IPullSecretEntries
{
    /// <summary>The Project, if it is the very one and its entry still asks for all that the login allows; null otherwise.</summary>
    Project? Find(PullLogin login);
}
