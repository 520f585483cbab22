using System.Text;

namespace Sam.Operator.UserData;

/// <summary>Renders the cloud-config of a Machine's first boot: a pure function of its request.</summary>
public static class UserDataRenderer
{
    /// <summary>Hetzner refuses more.</summary>
    public const int LimitBytes = 32 * 1024;

    /// <summary>The cloud-config; throws <see cref="UserDataException"/> with all that is wrong.</summary>
    public static string Render(UserDataRequest request)
    {
        var errors = UserDataValidator.Validate(request);
        if (errors.Count > 0)
        {
            throw new UserDataException(errors);
        }

        var text = new StringBuilder("#cloud-config\n");
        text.Append("# SAM Machine ").Append(request.MachineId).Append(": a Docker Engine behind mutual TLS, nothing else.\n");
        text.Append("package_update: false\npackage_upgrade: false\n");
        AppendKeys(text, request);
        text.Append("bootcmd:\n");
        Item(text, UserDataFiles.Quiet);
        text.Append("write_files:\n");
        foreach (var file in UserDataFiles.Of(request))
        {
            Append(text, file);
        }

        text.Append("runcmd:\n");
        Item(text, "/usr/local/sbin/sam-setup");

        var rendered = text.ToString();
        return Encoding.UTF8.GetByteCount(rendered) < LimitBytes
            ? rendered
            : throw new UserDataException(["the rendered user data is not below 32 KiB: fewer keys or addresses"]);
    }

    private static void AppendKeys(StringBuilder text, UserDataRequest request)
    {
        if (request.SshAuthorizedKeys.IsEmpty)
        {
            return;
        }

        text.Append("disable_root: false\nssh_authorized_keys:\n");
        foreach (var key in request.SshAuthorizedKeys)
        {
            text.Append("  - ").Append(key).Append('\n');
        }
    }

    private static void Append(StringBuilder text, UserDataFile file)
    {
        text.Append("  - path: ").Append(file.Path).Append('\n');
        text.Append("    owner: root:root\n    permissions: \"").Append(file.Mode).Append("\"\n    content: |\n");
        Indent(text, file.Content, 6);
    }

    private static void Item(StringBuilder text, string script)
    {
        if (script.Contains('\n', StringComparison.Ordinal))
        {
            text.Append("  - |\n");
            Indent(text, script, 4);
        }
        else
        {
            text.Append("  - [").Append(script).Append("]\n");
        }
    }

    private static void Indent(StringBuilder text, string content, int width)
    {
        foreach (var line in content.TrimEnd('\n').Split('\n'))
        {
            text.Append(line.Length == 0 ? "" : new string(' ', width)).Append(line).Append('\n');
        }
    }
}
