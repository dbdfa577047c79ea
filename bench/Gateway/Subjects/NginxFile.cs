namespace ApiSvc.Bench.Gateway.Subjects;

/// <summary>What configurations of nginx have in common: one worker, in the foreground, everything in one folder.</summary>
internal static class NginxFile
{
    public static string Write(Scratch scratch, string name, string http) =>
        scratch.Write(
            $"{name}.conf",
            $$"""
            daemon off;
            worker_processes 1;
            pid {{scratch.File(name + ".pid")}};
            error_log {{scratch.File(name + ".errors")}} warn;
            events { worker_connections 16384; }
            http {
              client_body_temp_path {{scratch.File(name + "-body")}};
              proxy_temp_path {{scratch.File(name + "-proxy")}};
              fastcgi_temp_path {{scratch.File(name + "-fastcgi")}};
              uwsgi_temp_path {{scratch.File(name + "-uwsgi")}};
              scgi_temp_path {{scratch.File(name + "-scgi")}};
              tcp_nodelay on;
              keepalive_timeout 300s;
              keepalive_requests 1000000000;
              server_tokens off;
              {{http}}
            }
            """
        );
}
