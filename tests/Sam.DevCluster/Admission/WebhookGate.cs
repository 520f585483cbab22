using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Sam.DevCluster.Authorization;
using Sam.DevCluster.Http;
using Sam.DevCluster.Json;
using Sam.DevCluster.Patches;
using Sam.DevCluster.Security;

namespace Sam.DevCluster.Admission;

/// <summary>What every gate of one cluster shares.</summary>
internal sealed record Webhooks(WebhookRegistry Registry, WebhookMatcher Matcher, WebhookClient Client);

/// <summary>Who may write what, where roles decide it.</summary>
internal sealed record Permissions(RbacAuthorizer Authorizer, EscalationCheck Escalation);

/// <summary>The gate of one request: nobody grants more than they hold, then the webhooks in their order.</summary>
internal sealed class WebhookGate(HttpContext context, Webhooks webhooks, Permissions? permissions) : IWriteGate
{
    private readonly HashSet<string> _warnings = new(StringComparer.Ordinal);
    private readonly UserInfo _user = context.User();

    public bool CallsOut => !webhooks.Registry.IsEmpty;

    public JsonObject? Mutate(WriteAttempt attempt, JsonObject? node, JsonObject? old)
    {
        var invoked = new List<(Webhook Webhook, int Changes)>();
        var changes = 0;
        foreach (var webhook in webhooks.Registry.All(isMutating: true))
        {
            if (!TryInvoke(webhook, attempt, ref node, old, ref changes))
                continue;
            invoked.Add((webhook, changes));
        }
        var final = changes;
        // Those that ran before another one's change look once more.
        foreach (var (webhook, seen) in invoked)
        {
            if (webhook.IsReinvoked && seen < final)
                TryInvoke(webhook, attempt, ref node, old, ref changes);
        }
        return node;
    }

    public void Validate(WriteAttempt attempt, JsonObject? node, JsonObject? old)
    {
        if (node is not null && permissions is not null)
            Authorize(permissions, attempt, node, old);
        StatusException? refusal = null;
        var changes = 0;
        // Every one is asked, the first refusal counts.
        foreach (var webhook in webhooks.Registry.All(isMutating: false))
        {
            try
            {
                TryInvoke(webhook, attempt, ref node, old, ref changes);
            }
            catch (StatusException fault)
            {
                refusal ??= fault;
            }
        }
        if (refusal is not null)
            throw refusal;
    }

    private void Authorize(Permissions permissions, WriteAttempt attempt, JsonObject node, JsonObject? old)
    {
        // Who applies what is not there creates it, and must be allowed to.
        if (attempt.Operation == "CREATE" && context.Request.Method != "POST")
        {
            var asked = AccessRequest.Read(context.Request) with { Verb = "create" };
            var decision = permissions.Authorizer.Decide(_user, asked);
            if (!decision.IsAllowed)
                throw Denials.Forbidden(_user, asked, decision.Reason);
        }
        if (attempt.Subresource.Length == 0)
            permissions.Escalation.Check(_user, attempt.Type, attempt.Namespace, node, old);
    }

    private bool TryInvoke(Webhook webhook, WriteAttempt attempt, ref JsonObject? node, JsonObject? old, ref int changes)
    {
        if (webhooks.Matcher.Match(webhook, attempt, node, old) is not { } shown)
            return false;
        var request = AdmissionRequests.Build(attempt, shown, _user, node, old);
        if (!WebhookMatcher.MeetsConditions(webhook, attempt, request))
            return false;
        if (attempt.Options.DryRun && !webhook.SupportsDryRun)
            throw Failures.BadRequest($"admission webhook \"{webhook.Name}\" does not support dry run");
        JsonObject response;
        try
        {
            response = webhooks.Client.Call(webhook, request, context.RequestAborted);
        }
        catch (WebhookCallException fault)
        {
            return webhook.IsFatal ? throw Internal(fault.Message) : false;
        }
        Answers.Warn(context, response.Child("warnings").Strings().Where(_warnings.Add));
        if (response.Child("allowed").Flag() != true)
            throw Denied(webhook.Name, response.Object("status"));
        if (!webhook.IsMutating || node is null || response.Text("patch") is not { Length: > 0 } patch)
            return true;
        var patched = Patch(patch, request.Object("object")!);
        if (JsonAccess.Same(patched, request.Object("object")))
            return true;
        node = AdmissionRequests.Convert(patched, attempt, shown, attempt.Type);
        changes++;
        return true;
    }

    private static JsonObject Patch(string encoded, JsonObject node)
    {
        try
        {
            var operations = JsonNode.Parse(Encoding.UTF8.GetString(Convert.FromBase64String(encoded))) as JsonArray;
            return JsonPatch.Apply(node, operations ?? throw Internal("the patch is no list of operations"));
        }
        catch (StatusException fault) when (fault.Code != 500)
        {
            throw Internal(fault.Message);
        }
        catch (Exception fault) when (fault is FormatException or JsonException)
        {
            throw Internal(fault.Message);
        }
    }

    private static StatusException Denied(string webhook, JsonObject? status)
    {
        var message = status.Text("message") is { Length: > 0 } text ? text : status.Text("reason");
        var denied = $"admission webhook \"{webhook}\" denied the request";
        return new StatusException(
            status.Child("code").TryInteger(out var code) && code >= 400 ? (int)code : 400,
            status.Text("reason") is { Length: > 0 } reason ? reason : null,
            string.IsNullOrEmpty(message) ? denied + " without explanation" : $"{denied}: {message}",
            status.Object("details")
        );
    }

    private static StatusException Internal(string message) =>
        new(
            500,
            "InternalError",
            "Internal error occurred: " + message,
            new JsonObject { ["causes"] = new JsonArray(new JsonObject { ["message"] = message }) }
        );
}
