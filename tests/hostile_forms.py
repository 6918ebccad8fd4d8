# ruff: noqa: E501, ISC004  programs written out as they would stand in a file
"""What hostile applications do when they are imported, and what is told of it."""

NOTHING = ""
# Code, and what the document says of it.
KEPT = {
    "write": ("open('made.txt', 'w').write('x')\nassert open('made.txt').read() == 'x'",
              "made.txt (written)"),
    "append": ("open('data/old.txt', 'a').write('+')\nassert open('data/old.txt').read() == 'old+'",
               "data/old.txt (written)"),
    "overwrite": ("open('data/old.txt', 'w').write('n')\nassert open('link').read() == 'n'",
                  "data/old.txt (written)"),
    "update": ("f = open('data/old.txt', 'r+'); f.seek(1); f.write('X'); f.close()\n"
               "assert open('data/old.txt').read() == 'oXd'", "data/old.txt (written)"),
    "exclusive": ("open('made.txt', 'x').close()\ntry:\n    open('main.py', 'x')\n"
                  "except FileExistsError:\n    pass\nelse:\n    raise SystemExit", "made.txt (written)"),
    "through-link": ("open('link', 'a').write('+')\nassert open('data/old.txt').read() == 'old+'",
                     "data/old.txt (written)"),
    "pathlib": ("from pathlib import Path\nPath('logs').mkdir()\nPath('logs/a.log').touch()\n"
                "assert [p.name for p in Path('logs').iterdir()] == ['a.log']", "logs/ (written)"),
    "makedirs": ("import os\nos.makedirs('a/b/c', exist_ok=True)\nos.makedirs('data', exist_ok=True)\n"
                 "assert os.path.isdir('a/b/c')", "a/ (written)"),
    "remove": ("import os\nos.remove('data/old.txt')\nassert os.listdir('data') == ['deep']\n"
               "assert not os.path.exists('link') and os.path.islink('link')", "data/old.txt (removed)"),
    "remove-and-make": ("import os\nos.remove('data/old.txt')\nopen('data/old.txt', 'x').write('n')\n"
                        "assert open('link').read() == 'n'", "data/old.txt (written)"),
    "unlink-link": ("import os\nos.unlink('link')\nassert os.path.exists('data/old.txt')",
                    "link (removed)"),
    "rmdir": ("import os\nos.rmdir('empty')\ntry:\n    os.rmdir('data')\nexcept OSError as e:\n"
              "    assert e.errno == 39", "empty (removed)"),
    "rmtree": ("import os, shutil\nshutil.rmtree('data')\nassert not os.path.exists('data/deep/a.txt')",
               "data (removed)"),
    "rmtree-and-make": ("import os, shutil\nshutil.rmtree('data')\nos.mkdir('data')\n"
                        "assert os.listdir('data') == []\nopen('data/new', 'w').close()",
                        "data/new (written); data/deep, data/old.txt (removed)"),
    "rename": ("import os\nos.rename('data/old.txt', 'new.txt')\nassert open('new.txt').read() == 'old'\n"
               "assert not os.path.exists('data/old.txt')", "new.txt (written); data/old.txt (removed)"),
    "replace": ("import os\nopen('t', 'w').write('n')\nos.replace('t', 'data/old.txt')\n"
                "assert open('data/old.txt').read() == 'n' and 't' not in os.listdir()",
                "data/old.txt (written)"),
    "rename-folder": ("import os\nos.rename('data', 'moved')\nassert open('moved/deep/a.txt').read() == 'a'\n"
                      "assert not os.path.exists('data')", "moved/ (written); data (removed)"),
    "move-folder": ("import os, shutil\nshutil.move('data', 'empty')\n"
                    "assert open('empty/data/old.txt').read() == 'old'",
                    "empty/data/ (written); data (removed)"),
    "copytree": ("import shutil\nshutil.copytree('data', 'copy')\n"
                 "assert open('copy/deep/a.txt').read() == 'a'", "copy/ (written)"),
    "link": ("import os\nos.link('data/old.txt', 'hard')\nopen('hard', 'a').write('+')\n"
             "assert open('hard').read() == 'old+'", "data/old.txt, hard (written)"),
    "symlink": ("import os\nos.symlink('data', 'soft')\nopen('soft/new', 'w').write('n')\n"
                "assert open('data/new').read() == 'n' and os.readlink('soft') == 'data'",
                "data/new, soft (written)"),
    "symlink-out": ("import os\nos.symlink('/', 'soft')\nassert os.path.isdir('soft/usr')",
                    "soft (written)"),
    "truncate": ("import os\nos.truncate('data/old.txt', 1)\nassert os.path.getsize('data/old.txt') == 1",
                 "data/old.txt (written)"),
    "ftruncate": ("import os\nf = os.open('data/old.txt', os.O_RDWR)\nos.ftruncate(f, 0)\n"
                  "assert os.path.getsize('link') == 0", "data/old.txt (written)"),
    "os-open": ("import os\nf = os.open('made', os.O_WRONLY | os.O_CREAT)\nos.write(f, b'x')\n"
                "assert open('made').read() == 'x'", "made (written)"),
    "dir-fd": ("import os\nd = os.open('data', os.O_RDONLY)\nf = os.open('n', os.O_CREAT | os.O_WRONLY, dir_fd=d)\n"
               "os.write(f, b'x')\nos.unlink('old.txt', dir_fd=d)\nos.mkdir('m', dir_fd=d)\n"
               "assert sorted(os.listdir('data')) == ['deep', 'm', 'n'] == sorted(os.listdir(d))",
               "data/m/, data/n (written); data/old.txt (removed)"),
    "chmod": ("import os, stat\nos.chmod('data/old.txt', 0o600)\n"
              "assert stat.S_IMODE(os.stat('data/old.txt').st_mode) == 0o600", "data/old.txt (written)"),
    "chmod-folder": ("import os\nos.chmod('data', 0o711)", "data/ (written)"),
    "utime": ("import os\nos.utime('data/old.txt', (1, 1))\nassert os.path.getmtime('link') == 1",
              "data/old.txt (written)"),
    "mkfifo": ("import os, stat\nos.mkfifo('pipe')\nassert stat.S_ISFIFO(os.stat('pipe').st_mode)",
               "pipe (written)"),
    "chdir": ("import os\nos.chdir('data')\nopen('new', 'w').close()\nos.remove('old.txt')\n"
              "assert sorted(os.listdir()) == ['deep', 'new']\nassert os.getcwd().endswith('/data')",
              "data/new (written); data/old.txt (removed)"),
    "chdir-new": ("import os\nos.mkdir('n')\nos.chdir('n')\nopen('x', 'w').close()\n"
                  "assert os.path.basename(os.getcwd()) == 'n' and os.listdir('..') and "
                  "os.path.exists('../main.py')", "n/ (written)"),
    "umask": ("import os\nos.umask(0o777)\nos.mkdir('n')", "n/ (written)"),
    "logging": ("import logging\nlogging.basicConfig(filename='app.log')\nlogging.warning('x')\n"
                "assert 'x' in open('app.log').read()", "app.log (written)"),
    "rotating": ("import logging.handlers as h, logging\nopen('a.log', 'w').write('x' * 99)\n"
                 "r = h.RotatingFileHandler('a.log', maxBytes=9, backupCount=1)\n"
                 "r.emit(logging.makeLogRecord({'msg': 'y'}))", "a.log, a.log.1 (written)"),
    "tempfile": ("import tempfile\nt = tempfile.NamedTemporaryFile(dir='.')\nt.write(b'x')\nt.close()\n"
                 "with tempfile.TemporaryDirectory(dir='data') as d:\n    open(d + '/x', 'w').close()",
                 NOTHING),
    "tempfile-kept": ("import tempfile\ntempfile.mkdtemp(dir='.')", "…/ (written)"),
    "tempfile-nameless": ("import tempfile\ntempfile.TemporaryFile(dir='.').write(b'x')", NOTHING),
    "tempfile-usual": ("import tempfile\nassert tempfile.mkdtemp()", NOTHING),
    "home": ("import pathlib\n(pathlib.Path.home() / '.apprc').write_text('x')", NOTHING),
    "mmap": ("import mmap\nf = open('data/old.txt', 'r+b')\nm = mmap.mmap(f.fileno(), 3)\n"
             "m[:] = b'new'\nm.flush()\nassert open('data/old.txt').read() == 'new'",
             "data/old.txt (written)"),
    "zip": ("import zipfile\nwith zipfile.ZipFile('z.zip', 'w') as z:\n    z.write('data/old.txt')\n"
            "zipfile.ZipFile('z.zip').extractall('unpacked')\n"
            "assert open('unpacked/data/old.txt').read() == 'old'", "unpacked/, z.zip (written)"),
    "tar": ("import tarfile, os\nwith tarfile.open('t.tar', 'w') as t:\n    t.add('data')\n"
            "os.remove('data/old.txt')\ntarfile.open('t.tar').extractall('.', filter='data')\n"
            "assert open('data/old.txt').read() == 'old'",
            "data/deep/a.txt, data/old.txt, t.tar (written)"),
    "sqlite-drop": ("import sqlite3\nc = sqlite3.connect('app.db')\nc.execute('DROP TABLE t')\nc.commit()",
                    "app.db (written)"),
    "sqlite-wal": ("import sqlite3\nc = sqlite3.connect('app.db')\nc.execute('PRAGMA journal_mode=WAL')\n"
                   "c.execute('DELETE FROM t')\nc.commit()\nc.close()\n"
                   "assert sqlite3.connect('app.db').execute('SELECT count(*) FROM t').fetchone() == (0,)",
                   "app.db (written)"),
    "sqlite-new": ("import sqlite3\nc = sqlite3.connect('new.db')\nc.execute('CREATE TABLE t (a)')\nc.close()",
                   "new.db (written)"),
    "sqlite-uri": ("import sqlite3\nc = sqlite3.connect('file:app.db?mode=rw', uri=True)\n"
                   "c.execute('DROP TABLE t')\nc.commit()", "app.db (written)"),
    "sqlite-absolute-uri": ("import sqlite3, os\nc = sqlite3.connect('file://' + os.path.abspath('app.db'), uri=True)\n"
                            "c.execute('DELETE FROM t')\nc.commit()", "app.db (written)"),
    "sqlite-memory": ("import sqlite3\nc = sqlite3.connect(':memory:')\nc.execute('CREATE TABLE t (a)')", NOTHING),
    "sqlite-read-only": ("import sqlite3\nc = sqlite3.connect('file:app.db?mode=ro', uri=True)\n"
                         "assert c.execute('SELECT a FROM t').fetchone() == (1,)", NOTHING),
    "sqlite-after-remove": ("import sqlite3, os\nos.remove('app.db')\nc = sqlite3.connect('app.db')\n"
                            "assert c.execute('SELECT * FROM sqlite_master').fetchall() == []",
                            "app.db (written)"),
    "dbm": ("import dbm\nwith dbm.open('store', 'c') as d:\n    d['a'] = 'b'\n"
            "assert dbm.open('store')['a'] == b'b'", None),
    "shelve": ("import shelve\nwith shelve.open('kept') as d:\n    d['a'] = 1", None),
    "import-written": ("import sys\nopen('generated.py', 'w').write('VALUE = 7')\n"
                       "import importlib; importlib.invalidate_caches()\n"
                       "import generated\nassert generated.VALUE == 7", "generated.py (written)"),
    "walk": ("import os\nopen('data/new', 'w').close()\nos.remove('data/old.txt')\n"
             "found = [(os.path.relpath(w, '.'), sorted(d), sorted(f)) for w, d, f in os.walk('data')]\n"
             "assert found == [('data', ['deep'], ['new']), ('data/deep', [], ['a.txt'])], found",
             "data/new (written); data/old.txt (removed)"),
    "glob": ("import glob\nopen('data/new.txt', 'w').close()\n"
             "assert sorted(glob.glob('data/**/*.txt', recursive=True)) == "
             "['data/deep/a.txt', 'data/new.txt', 'data/old.txt']", "data/new.txt (written)"),
    "bytes": ("import os\nopen(b'data/new', 'wb').close()\nos.mkdir(b'n')\n"
              "assert sorted(os.listdir(b'data')) == [b'deep', b'new', b'old.txt']\n"
              "assert sorted(e.name for e in os.scandir(b'data')) == [b'deep', b'new', b'old.txt']",
              "data/new, n/ (written)"),
    "absolute": ("import os\nhere = os.path.dirname(os.path.abspath(__file__))\n"
                 "open(os.path.join(here, 'made'), 'w').close()", "made (written)"),
    "threads": ("import threading\nt = threading.Thread(target=lambda: open('made', 'w').close())\n"
                "t.start(); t.join()", "made (written)"),
    "atexit": ("import atexit\natexit.register(lambda: open('at-exit', 'w'))", NOTHING),
    "codecs": ("import codecs\ncodecs.open('c.txt', 'w', 'utf-8').write('x')", "c.txt (written)"),
    "fd-redirect": ("import os\nf = os.open('out.log', os.O_CREAT | os.O_WRONLY)\nos.dup2(f, 1)\nprint('x')",
                    "out.log (written)"),
}  # fmt: skip

# Code that is stopped, and what the document says of it.
DENIED = {
    "write-out": ("open('out/secret.txt', 'w')", "write secret.txt"),
    "write-up": ("open('../outside/made', 'w')", "write made"),
    "write-system": ("open('/var/made.txt', 'w')", "write made.txt"),
    "append-out": ("open('../outside/secret.txt', 'ab')", "write secret.txt"),
    "update-out": ("open('../outside/secret.txt', 'r+')", "write secret.txt"),
    "os-open-out": ("import os; os.open('../outside/secret.txt', os.O_RDWR)", "write secret.txt"),
    "os-open-truncate": ("import os; os.open('out/secret.txt', os.O_TRUNC)", "write secret.txt"),
    "dir-fd-out": ("import os\nd = os.open('../outside', os.O_RDONLY)\n"
                   "os.open('secret.txt', os.O_WRONLY | os.O_TRUNC, dir_fd=d)", "write secret.txt"),
    "dir-fd-remove": ("import os\nd = os.open('../outside', os.O_RDONLY)\nos.unlink('secret.txt', dir_fd=d)",
                      "write secret.txt"),
    "dir-fd-mkdir": ("import os\nos.mkdir('made', dir_fd=os.open('../outside', os.O_RDONLY))", "write made"),
    "mkdir-out": ("import os; os.makedirs('../outside/a/b')", "write a"),
    "remove-out": ("import os; os.remove('out/secret.txt')", "write secret.txt"),
    "rmdir-out": ("import os; os.rmdir('../outside/deep')", "write deep"),
    "rmtree-out": ("import shutil; shutil.rmtree('../outside')", "write outside"),
    "rename-to": ("import os; os.rename('main.py', '../outside/main.py')", "write main.py"),
    "rename-from": ("import os; os.rename('../outside/secret.txt', 'mine')", "write secret.txt"),
    "replace-over": ("import os\nopen('t', 'w').close()\nos.replace('t', 'out/secret.txt')", "write secret.txt"),
    "move-to": ("import shutil; shutil.move('data', '../outside/data')", "write data"),
    "move-from": ("import shutil; shutil.move('../outside/deep', 'mine')", "write deep"),
    "copy-over": ("import shutil; shutil.copy('data/old.txt', '../outside/secret.txt')", "write secret.txt"),
    "link-to": ("import os; os.link('data/old.txt', '../outside/hard')", "write hard"),
    "link-from": ("import os; os.link('../outside/secret.txt', 'hard')", "write secret.txt"),
    "symlink-to": ("import os; os.symlink('/', '../outside/soft')", "write soft"),
    "write-through": ("import os\nos.symlink('../outside/secret.txt', 'soft')\nopen('soft', 'w')",
                      "write secret.txt"),
    "truncate-out": ("import os; os.truncate('../outside/secret.txt', 0)", "write secret.txt"),
    "chmod-out": ("import os; os.chmod('../outside/secret.txt', 0)", "write secret.txt"),
    "fchmod-out": ("import os\nos.fchmod(os.open('../outside/secret.txt', os.O_RDONLY), 0)", "write secret.txt"),
    "chown-out": ("import os; os.chown('../outside/secret.txt', os.getuid(), -1)", "write secret.txt"),
    "utime-out": ("import os; os.utime('../outside/secret.txt')", "write secret.txt"),
    "mkfifo-out": ("import os; os.mkfifo('../outside/pipe')", "write pipe"),
    "mknod-out": ("import os; os.mknod('../outside/node')", "write node"),
    "xattr-out": ("import os; os.setxattr('../outside/secret.txt', 'user.a', b'b')", "write secret.txt"),
    "touch-out": ("import pathlib; pathlib.Path('../outside/made').touch()", "write made"),
    "unzip-out": ("import tarfile, io\nb = io.BytesIO()\nt = tarfile.open(fileobj=b, mode='w')\n"
                  "t.add('data/old.txt', '../outside/made'); t.close(); b.seek(0)\n"
                  "tarfile.open(fileobj=b).extractall(filter='fully_trusted')", "write made"),
    "sqlite-new-out": ("import sqlite3; sqlite3.connect('../outside/new.db')", "write new.db"),
    "sqlite-uri-out": ("import sqlite3; sqlite3.connect('file:../outside/new.db?mode=rwc', uri=True)",
                       "write new.db"),
    "sqlite-class-out": ("import sqlite3; sqlite3.Connection('../outside/new.db')", "write new.db"),
    "dbm-out": ("import dbm; dbm.open('../outside/store', 'n')", None),
    "shell": ("import os; os.system('touch made')", "process touch made"),
    "popen": ("import os; os.popen('touch made')", "process sh"),
    "run": ("import subprocess; subprocess.run(['touch', 'made'])", "process touch"),
    "run-shell": ("import subprocess; subprocess.run('tool --version', shell=True)", "process sh"),
    "tool": ("import subprocess; subprocess.run(['./bin/tool', '--version'])", "process tool"),
    "tool-absolute": ("import os, subprocess; subprocess.run([os.path.abspath('bin/tool'), 'version'])",
                      "process bin/tool"),
    "tool-by-path": ("import os, subprocess\nos.environ['PATH'] = os.path.abspath('bin') + ':' + os.environ['PATH']\n"
                     "subprocess.run(['git', '--version'])", "process git"),
    "tool-by-relative-path": ("import subprocess\nsubprocess.run(['uname', '-a'], env={'PATH': 'bin'})",
                              "process uname"),
    "tool-by-empty-path": ("import subprocess\nsubprocess.run(['git', '--version'], cwd='bin', env={'PATH': ''})",
                           "process git"),
    "tool-as-executable": ("import subprocess\nsubprocess.run(['git', '--version'], executable='bin/tool')",
                           "process tool"),
    "tool-by-link": ("import os, subprocess\nos.symlink('/bin/touch', 'git')\n"
                     "subprocess.run(['./git', '--version'])", "process git"),
    "preloaded": ("import subprocess\nsubprocess.run(['uname'], env={'LD_PRELOAD': './own.so', 'PATH': '/bin'})",
                  "process uname"),
    "compiling": ("import subprocess; subprocess.run(['file', '-C', '-m', 'data'])", "process file"),
    "spawn": ("import os; os.posix_spawn('bin/tool', ['git', '--version'], {})", "process tool"),
    "spawnv": ("import os; os.spawnv(os.P_WAIT, '/bin/true', ['true'])", "process os.fork"),
    "exec": ("import os; os.execv('/bin/true', ['true'])", "process true"),
    "fork": ("import os; os.fork()", "process os.fork"),
    "fork-loop": ("import os\nfor _ in range(99):\n    os.fork()", "process os.fork"),
    "fork-exec": ("import subprocess as s\ns._fork_exec([b'touch'], [b'/bin/touch'], True, (), None, None, "
                  "-1, -1, -1, -1, -1, -1, -1, -1, False, False, 0, None, None, None, -1, None, False)"
                  , "process touch"),
    "multiprocessing": ("import multiprocessing as m\nm.get_context('spawn').Process(target=print).start()",
                        None),
    "pool": ("import concurrent.futures as c\nc.ProcessPoolExecutor().submit(print)", None),
    "pty": ("import pty; pty.spawn('/bin/sh')", "process sh"),
    "kill-parent": ("import os, signal; os.kill(os.getppid(), signal.SIGTERM)", "signal SIGTERM"),
    "kill-all": ("import os; os.kill(-1, 9)", "signal SIGKILL"),
    "kill-group": ("import os; os.killpg(os.getpgrp(), 15)", "signal SIGTERM"),
    "kill-group-by-zero": ("import os; os.kill(0, 15)", "signal SIGTERM"),
    "pidfd": ("import os, signal\nsignal.pidfd_send_signal(os.pidfd_open(os.getppid()), 15)",
              "signal SIGTERM"),
    "prlimit": ("import os, resource as r\nr.prlimit(os.getppid(), r.RLIMIT_CPU, (1, 1))",
                "limit of another process"),
    "connect": ("import socket; socket.create_connection(('192.0.2.1', 80))", "network 192.0.2.1:80"),
    "url": ("import urllib.request; urllib.request.urlopen('http://192.0.2.1/')", "network 192.0.2.1:80"),
    "datagram": ("import socket\nsocket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b'', ('192.0.2.1', 9))",
                 "network 192.0.2.1:9"),
    "unix-socket": ("import socket\nsocket.socket(socket.AF_UNIX).bind('made.sock')", "network made.sock"),
    "unix-connect": ("import socket\nsocket.socket(socket.AF_UNIX).connect('/run/none.sock')",
                     "network none.sock"),
    "serve": ("import http.server as h; h.HTTPServer(('127.0.0.1', 8123), h.BaseHTTPRequestHandler)",
              "network 127.0.0.1:8123"),
    "clock": ("import time; time.clock_settime(time.CLOCK_REALTIME, 0)", "other time"),
    "chroot": ("import os; os.chroot('data')", "other root"),
    "host-name": ("import socket; socket.sethostname('other')", "other host name"),
}  # fmt: skip

# Databases that another one's connection names, which only the hooks must refuse: what is tried,
# and what the document says of it.
ATTACHED = {
    "attach": ("c = sqlite3.connect(':memory:')\nc.execute(\"ATTACH 'app.db' AS a\")\n"
               "c.execute('DELETE FROM a.t')\nc.commit()", "write app.db"),
    "attach-nameless": ("c = sqlite3.connect('', isolation_level=None)\nc.execute(\"ATTACH 'app.db' AS a\")\n"
                        "c.execute('DELETE FROM a.t')", "write app.db"),
    "attach-read-only": ("c = sqlite3.connect('file:app.db?mode=ro', uri=True)\n"
                         "c.execute(\"ATTACH 'file:new.db?mode=rwc' AS a\")\nc.execute('CREATE TABLE a.t (a)')",
                         "write new.db"),
    "attach-mode-memory": ("c = sqlite3.connect('file:x?mode=memory', uri=True)\n"
                           "c.execute(\"ATTACH 'app.db' AS a\")\nc.execute('DROP TABLE a.t')", "write app.db"),
    "attach-by-class": ("c = sqlite3.Connection(':memory:')\nc.execute(\"ATTACH 'app.db' AS a\")\n"
                        "c.execute('DROP TABLE a.t')", "write app.db"),
    "attach-own-class": ("class Own(sqlite3.Connection):\n    pass\n"
                         "c = sqlite3.connect(':memory:', factory=Own)\nc.execute(\"ATTACH 'app.db' AS a\")\n"
                         "c.execute('DROP TABLE a.t')", "write app.db"),
    "attach-base-class": ("c = sqlite3.connect(':memory:', factory=sqlite3.Connection.__mro__[-2])\n"
                          "c.execute(\"ATTACH 'app.db' AS a\")\nc.execute('DROP TABLE a.t')", "write app.db"),
    "attach-unasked": ("c = sqlite3.connect(':memory:')\nc.set_authorizer(None)\n"
                       "c.execute(\"ATTACH 'app.db' AS a\")\nc.execute('DROP TABLE a.t')", "write app.db"),
    "attach-allowed": ("c = sqlite3.connect('new.db')\nc.set_authorizer(lambda *a: 0)\n"
                       "c.execute(\"ATTACH 'app.db' AS a\")\nc.execute('DROP TABLE a.t')", "write app.db"),
    "vacuum-into": ("c = sqlite3.connect(':memory:', isolation_level=None)\nc.execute('CREATE TABLE t (a)')\n"
                    "c.execute(\"VACUUM INTO 'new.db'\")", "write new.db"),
    "attach-memory": ("c = sqlite3.connect(':memory:')\nc.execute(\"ATTACH ':memory:' AS a\")\n"
                      "c.execute(\"ATTACH '' AS b\")\nc.execute('CREATE TABLE a.t (a)')", NOTHING),
}  # fmt: skip
