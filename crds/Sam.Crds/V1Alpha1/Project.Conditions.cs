using Sam.Runtime.Conditions;

namespace Sam.Crds.V1Alpha1;

/// <summary>Conditions and reasons of a Project.</summary>
public static class ProjectConditions
{
    /// <summary>Whether every credential entry leads to a usable Secret.</summary>
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

        /// <summary>Some do not.</summary>
        public static readonly Reason SomeUnresolved = Type.False(
            "A credential has no value; status.credentials says which, and why."
        );
    }

    /// <summary>All conditions.</summary>
    public static readonly IReadOnlyList<ConditionType> All = [CredentialsResolved.Type];
}
