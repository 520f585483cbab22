using System.Text.Json.Nodes;
using Sam.DevCluster.Json;
using Sam.DevCluster.Schemas;

namespace Sam.DevCluster.Resources;

/// <summary>What a kind does beyond its schema.</summary>
internal class ResourceStrategy
{
    public static readonly ResourceStrategy Plain = new();

    public virtual NameRule NameRule => NameRule.Subdomain;

    /// <summary>Whether DELETE answers with the object although it is gone.</summary>
    public virtual bool DeleteAnswersObject => false;

    public virtual bool HasGeneration => false;

    /// <summary>Whether PUT must name the version it changes.</summary>
    public virtual bool NeedsVersion => false;

    /// <summary>The group under which invalid objects are reported; null means the one that was asked.</summary>
    public virtual string? ErrorGroup => null;

    /// <summary>What an object of the kind has before anybody writes: the fields that Go's zero value already holds.</summary>
    public virtual JsonObject? Blank => null;

    /// <summary>Sets what the server owns or derives, before validation.</summary>
    public virtual void Prepare(JsonObject node, JsonObject? old) { }

    /// <summary>Sets what the server adds to a new object after the ownership of its fields is settled.</summary>
    public virtual void Complete(JsonObject node) { }

    public virtual IEnumerable<FieldError> Validate(JsonObject node, JsonObject? old) => [];

    /// <summary>What is accepted but better done otherwise.</summary>
    public virtual IEnumerable<string> Warnings(JsonObject node, JsonObject? old) => [];

    /// <summary>The value of a supported field selector; null when the field is not supported.</summary>
    public virtual string? Select(JsonObject node, string field) =>
        field switch
        {
            "metadata.name" => node.Name(),
            "metadata.namespace" => node.Namespace(),
            _ => null,
        };

    /// <summary>Whether the kind has field selectors of its own, which changes how others are refused.</summary>
    public virtual bool HasOwnSelectors => false;

    /// <summary>Whether a whole collection may be deleted at once.</summary>
    public virtual bool HasCollectionDelete => true;

    /// <summary>Finalizers that the server itself sets on DELETE.</summary>
    public virtual void BeforeDelete(JsonObject node, string now) { }

    /// <summary>Holds an object that has no finalizers of its own (namespaces).</summary>
    public virtual bool HoldsOnDelete(JsonObject node) => false;
}
