using System.Globalization;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Grpc.Core;
using Microsoft.AspNetCore.Http;

namespace Grpc.AspNetCore.Server.Calls;

/// <summary>What a connection says of the peer, in the terms of gRPC.</summary>
internal static class Connection
{
    private const string CommonName = "x509_common_name";
    private const string SubjectAlternativeName = "x509_subject_alternative_name";

    public static string Peer(ConnectionInfo connection) =>
        connection.RemoteIpAddress switch
        {
            { AddressFamily: AddressFamily.InterNetwork } ip => string.Create(
                CultureInfo.InvariantCulture,
                $"ipv4:{ip}:{connection.RemotePort}"
            ),
            { AddressFamily: AddressFamily.InterNetworkV6 } ip => string.Create(
                CultureInfo.InvariantCulture,
                $"ipv6:[{ip}]:{connection.RemotePort}"
            ),
            _ => "unknown",
        };

    public static AuthContext Identity(ConnectionInfo connection)
    {
        var properties = new Dictionary<string, List<AuthProperty>>(StringComparer.Ordinal);
        if (connection.ClientCertificate is not { } certificate)
        {
            return new AuthContext(peerIdentityPropertyName: null, properties);
        }

        var names = certificate
            .Extensions.OfType<X509SubjectAlternativeNameExtension>()
            .SelectMany(extension => extension.EnumerateDnsNames())
            .Select(name =>
                AuthProperty.Create(SubjectAlternativeName, Encoding.UTF8.GetBytes(name))
            )
            .ToList();
        if (names.Count > 0)
        {
            properties[SubjectAlternativeName] = names;
        }

        var common = certificate.GetNameInfo(X509NameType.SimpleName, forIssuer: false);
        if (common.Length > 0)
        {
            properties[CommonName] =
            [
                AuthProperty.Create(CommonName, Encoding.UTF8.GetBytes(common)),
            ];
        }

        return new AuthContext(
            properties.ContainsKey(SubjectAlternativeName) ? SubjectAlternativeName
                : properties.ContainsKey(CommonName) ? CommonName
                : null,
            properties
        );
    }
}
