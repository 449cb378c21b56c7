@echo off
rem Sets up minelib from this folder, with no network. Double-click it, or: install.bat FOLDER
rem Plain ASCII: what it says in Chinese stands in python.txt and install.py.
setlocal
chcp 65001 >nul
set "folder=%~dp0"
set "python="
rem the launcher must not look for a Python on the network
set "PYTHON_MANAGER_AUTOMATIC_INSTALL=false"
set "any="
for %%p in ("py -3.14" "py -3.13" "py -3.12" "py -3.11" "python" "python3") do (
    if not defined python %%~p "%folder%install.py" --fits >nul 2>nul && set "python=%%~p"
    if not defined any %%~p -c "import sys; sys.exit(sys.version_info < (3, 6))" >nul 2>nul && set "any=%%~p"
)
rem none fits: one that runs at all says why
if not defined python set "python=%any%"
if not defined python (
    type "%folder%python.txt"
    pause
    exit /b 1
)
%python% "%folder%install.py" %*
set "code=%errorlevel%"
pause
exit /b %code%
