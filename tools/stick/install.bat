@echo off
rem Sets up minelib from this folder, with no network. Double-click it, or: install.bat FOLDER
chcp 65001 >nul
setlocal
set "stick=%~dp0"
set "target=%~1"
if "%target%"=="" set "target=%USERPROFILE%\minelib"

findstr /x /c:"Windows-AMD64" "%stick%systems.txt" >nul
if errorlevel 1 (
    echo This stick holds no packages for Windows: ask for one that does.
    echo 这个 U 盘没有 Windows 用的软件包：请索取包含 Windows 的版本。
    goto failed
)

set "python="
for /f "usebackq tokens=1-3 delims=." %%a in ("%stick%python-versions.txt") do (
    if not defined python py -%%a.%%b -c "import sys; sys.exit(sys.version_info[2] < int('0%%c'))" >nul 2>nul && set "python=py -%%a.%%b"
)
if not defined python (
    echo Python is needed, one of these versions, and was not found:
    echo 需要以下版本之一的 Python，但没有找到：
    type "%stick%python-versions.txt"
    goto failed
)

echo 1/3  %target%
if not exist "%target%" mkdir "%target%"
%python% -m venv --clear "%target%\env" >"%target%\install.log" 2>&1
if errorlevel 1 goto log

echo 2/3  minelib
set /p extras=<"%stick%extras.txt"
"%target%\env\Scripts\python.exe" -m pip install --no-index --no-input --disable-pip-version-check --quiet --find-links "%stick%wheels" "minelib%extras%" >"%target%\install.log" 2>&1
if errorlevel 1 goto log

echo 3/3  lessons
rem work that is there already is never written over
echo n|xcopy "%stick%lessons" "%target%\lessons\" /e /i /q /-y >nul 2>nul
>"%target%\start.bat" echo @cd /d "%%~dp0lessons"
>>"%target%\start.bat" echo @set "JUPYTER_PREFER_ENV_PATH=1"
>>"%target%\start.bat" echo @set "JUPYTER_CONFIG_PATH=%%~dp0env\Lib\site-packages\minelib\jupyter\config"
>>"%target%\start.bat" echo @..\env\Scripts\python.exe -m jupyterlab
"%target%\env\Scripts\minelib.exe" doctor
echo.
echo Ready. Start with:  "%target%\start.bat"
echo 完成。这样开始：  "%target%\start.bat"
pause
exit /b 0

:log
echo It did not work. The reason stands in %target%\install.log
echo 没有成功，原因见 %target%\install.log
:failed
pause
exit /b 1
