using Sam.Runtime.Conditions;

namespace Sam.Crds.V1Alpha1;

/// <content>What concerns credentials, and the end.</content>
public static partial class ProjectConditions
{
    /// <summary>Whether every credential that the Project needs leads to a value.</summary>
    public static class CredentialsResolved
    {
        /// <summary>The condition.</summary>
        public static readonly ConditionType Type = new(
            "CredentialsResolved",
            "Every credential of the Project leads to a value."
        );

        /// <summary>They do.</summary>
        public static readonly Reason Resolved = Type.True(
            "Every credential leads to a value; status.credentials says where each comes from."
        );

        /// <summary>No layer has one.</summary>
        public static readonly Reason SomeUnresolved = Type.False(
            "No layer has a credential that the Project needs; status.credentials says which, and why."
        );

        /// <summary>The Secret is not there.</summary>
        public static readonly Reason SecretNotFound = Type.False(
            "A Secret that an entry names, or its key, does not exist; no other layer is asked. Create it, or remove the entry."
        );

        /// <summary>The Secret cannot be read.</summary>
        public static readonly Reason SecretUnreadable = Type.False(
            "A Secret is there and its value cannot be read as what it should be; the message says why. Other consumers go on."
        );

        /// <summary>Somebody disabled it.</summary>
        public static readonly Reason CredentialInactive = Type.False(
            "A credential is disabled and halts its consumer; no other layer is asked. Enable it, or remove it."
        );

        /// <summary>The value is for something else.</summary>
        public static readonly Reason WrongProvider = Type.False(
            "A Secret holds a credential of another provider or kind; it is not sent anywhere. Name the right Secret."
        );

        /// <summary>The endpoint is not safe.</summary>
        public static readonly Reason InsecureUpstream = Type.False(
            "A credential's base URL is not https; it is not sent there. Use an https address."
        );
    }

    /// <summary>Whether the providers accept the credentials; a warning.</summary>
    public static class CredentialsValid
    {
        /// <summary>The condition.</summary>
        public static readonly ConditionType Type = new(
            "CredentialsValid",
            "Every credential that can be tried cheaply was accepted by its provider when it was last changed."
        );

        /// <summary>They do.</summary>
        public static readonly Reason Accepted = Type.True("Every credential that can be tried was accepted.");

        /// <summary>A provider refuses one.</summary>
        public static readonly Reason CredentialRefused = Type.False(
            "A provider refuses a credential; put a valid one into the Secret that status.credentials names. Nothing is held up by this warning."
        );

        /// <summary>A provider is being asked.</summary>
        public static readonly Reason Probing = Type.Unknown("A provider is being asked; the answer follows by itself.");

        /// <summary>A provider did not answer.</summary>
        public static readonly Reason ProbeUnanswered = Type.Unknown(
            "A provider did not answer, which says nothing about the credential; tried again later."
        );

        /// <summary>Nothing can be tried.</summary>
        public static readonly Reason NothingToProbe = Type.Unknown("The Project has no credential that can be tried cheaply.");
    }

    /// <summary>Whether a Project that is being deleted may go.</summary>
    public static class Deletable
    {
        /// <summary>The condition.</summary>
        public static readonly ConditionType Type = new(
            "Deletable",
            "Nothing that holds data needs the Project any more; set only while it is being deleted."
        );

        /// <summary>Something still needs it.</summary>
        public static readonly Reason DependentsRemain = Type.False(
            "DeploymentNodes or Workspaces need the Project; delete them, the message names them."
        );

        /// <summary>Nothing does.</summary>
        public static readonly Reason NothingDepends = Type.True("Nothing needs the Project; it goes.");
    }
}
